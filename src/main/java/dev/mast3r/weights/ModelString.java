package dev.mast3r.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.mast3r.error.ModelException;
import java.util.List;

/**
 * Parses the constructor expression that official checkpoints hold instead of a configuration, as
 * in {@code AsymmetricMASt3R(pos_embed='RoPE100', img_size=(512, 512), two_confs=True)}. It is a
 * Python expression, but it is read, never evaluated: one known name, then {@code name=value}
 * pairs, a value being a quoted text, a number, {@code True}, {@code False}, {@code None}, {@code
 * inf}, {@code float('inf')} or a tuple of values.
 */
final class ModelString {

  private static final List<String> CLASSES =
      List.of("AsymmetricMASt3R", "AsymmetricCroCo3DStereo");
  private static final int LONGEST = 1 << 16;
  private static final int DEEPEST = 8;

  private final String text;
  private int position;

  private ModelString(String text) {
    this.text = text;
  }

  /**
   * Returns the configuration that the expression describes.
   *
   * @throws ModelException naming the column at which the expression is not as expected, or the
   *     argument that is wrong
   */
  static ModelConfig parse(String text) {
    if (text.length() > LONGEST) {
      throw new ModelException("model string: longer than " + LONGEST + " characters");
    }
    return ModelConfigJson.read(new ModelString(text).arguments());
  }

  private JsonObject arguments() {
    String name = word();
    if (!CLASSES.contains(name)) {
      throw new ModelException(
          "model string: expected " + String.join(" or ", CLASSES) + ", found " + Quoted.of(name));
    }
    JsonObject arguments = new JsonObject();
    expect('(');
    while (!accept(')')) {
      String key = word();
      expect('=');
      if (key.isEmpty() || arguments.has(key)) {
        throw unexpected(key.isEmpty() ? "an argument's name" : "no second argument '" + key + "'");
      }
      arguments.add(key, value(0));
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    if (peek() != '\0') {
      throw unexpected("nothing behind the last parenthesis");
    }
    return arguments;
  }

  private JsonElement value(int depth) {
    char first = peek();
    if (first == '\'' || first == '"') {
      return new JsonPrimitive(quoted());
    }
    if (first == '(') {
      return tuple(depth);
    }
    int start = position;
    String word = word();
    return switch (word) {
      case "True" -> new JsonPrimitive(true);
      case "False" -> new JsonPrimitive(false);
      case "None" -> JsonNull.INSTANCE;
      case "inf" -> new JsonPrimitive(Double.POSITIVE_INFINITY);
      case "-inf" -> new JsonPrimitive(Double.NEGATIVE_INFINITY);
      case "float" -> floatCall();
      default -> number(word, start);
    };
  }

  private JsonElement tuple(int depth) {
    if (depth == DEEPEST) {
      throw unexpected("at most " + DEEPEST + " tuples in each other");
    }
    JsonArray values = new JsonArray();
    expect('(');
    while (!accept(')')) {
      values.add(value(depth + 1));
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return values;
  }

  private JsonElement floatCall() {
    expect('(');
    int start = position;
    String argument = quoted();
    expect(')');
    return switch (argument) {
      case "inf" -> new JsonPrimitive(Double.POSITIVE_INFINITY);
      case "-inf" -> new JsonPrimitive(Double.NEGATIVE_INFINITY);
      default -> number(argument, start);
    };
  }

  private JsonElement number(String word, int start) {
    if (!word.matches("[+-]?[0-9]{0,20}\\.?[0-9]{0,20}([eE][+-]?[0-9]{1,3})?")
        || word.chars().noneMatch(Character::isDigit)) {
      position = start;
      throw unexpected("a value");
    }
    return new JsonPrimitive(Double.parseDouble(word));
  }

  private String quoted() {
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw unexpected("a quoted text");
    }
    int end = text.indexOf(quote, position + 1);
    String inside = end < 0 ? "\\" : text.substring(position + 1, end);
    if (inside.indexOf('\\') >= 0) {
      throw unexpected("a text without escapes that ends");
    }
    position = end + 1;
    return inside;
  }

  /** Takes letters, digits and what numbers are written with; may be empty. */
  private String word() {
    skipSpace();
    int start = position;
    while (position < text.length() && isWordPart(text.charAt(position))) {
      position++;
    }
    return text.substring(start, position);
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_.+-".indexOf(c) >= 0;
  }

  private void expect(char expected) {
    if (!accept(expected)) {
      throw unexpected("'" + expected + "'");
    }
  }

  private boolean accept(char expected) {
    if (peek() != expected) {
      return false;
    }
    position++;
    return true;
  }

  /** Returns the next character that is no space, or NUL at the end. */
  private char peek() {
    skipSpace();
    return position < text.length() ? text.charAt(position) : '\0';
  }

  private void skipSpace() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private ModelException unexpected(String expected) {
    int end = Math.min(text.length(), position + 20);
    return new ModelException(
        "model string, column "
            + (position + 1)
            + ": expected "
            + expected
            + ", found "
            + Quoted.of(text.substring(position, end)));
  }
}
