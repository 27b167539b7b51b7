package dev.mast3r.weights;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.mast3r.error.ModelException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;

/** Streams JSON out of foreign files; the library's failures become one line. */
final class StrictJson {

  /** Takes the values of one document, in order. */
  interface Parser {
    void parse(JsonReader json) throws IOException;
  }

  private StrictJson() {}

  /**
   * Lets {@code parser} take exactly one JSON value, and nothing may follow it.
   *
   * @param what the document's name in messages
   * @throws ModelException if the text is no JSON or has other types than the parser asks for
   */
  static void read(String text, String what, Parser parser) {
    read(text, what, Strictness.STRICT, parser);
  }

  static void read(String text, String what, Strictness strictness, Parser parser) {
    JsonReader json = new JsonReader(new StringReader(text));
    json.setStrictness(strictness);
    try {
      parser.parse(json);
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new ModelException(what + " goes on after its end");
      }
    } catch (EOFException e) {
      throw new ModelException(what + " ends too early", e);
    } catch (MalformedJsonException | JsonParseException | NumberFormatException e) {
      throw new ModelException(what + " is not valid JSON at " + Quoted.of(json.getPath()), e);
    } catch (IllegalStateException e) {
      throw new ModelException(
          what + " has a value of the wrong type at " + Quoted.of(json.getPath()), e);
    } catch (IOException e) {
      throw new ModelException(what + " cannot be read: " + e.getMessage(), e);
    }
  }
}
