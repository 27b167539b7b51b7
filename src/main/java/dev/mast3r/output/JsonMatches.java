package dev.mast3r.output;

import com.google.gson.stream.JsonWriter;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.io.IOException;
import java.io.Writer;

/**
 * Matches as one JSON object on one line: {@code image_a}, {@code image_b}, {@code columns} (the
 * names of the five numbers of a match) and {@code matches}, an array of arrays, the most confident
 * first. Numbers are rounded as in {@link CsvMatches}; one that is not finite is {@code null}.
 */
public final class JsonMatches {

  private JsonMatches() {}

  public static void write(Writer out, String imageA, String imageB, MatchSet matches)
      throws IOException {
    JsonWriter json = new JsonWriter(out);
    json.beginObject();
    json.name("image_a").value(imageA);
    json.name("image_b").value(imageB);
    json.name("columns").beginArray();
    json.value("x_a").value("y_a").value("x_b").value("y_b").value("confidence");
    json.endArray();
    json.name("matches").beginArray();
    for (Correspondence match : matches.correspondences()) {
      json.beginArray();
      json.jsonValue(Decimal.JSON.pixel(match.xA()));
      json.jsonValue(Decimal.JSON.pixel(match.yA()));
      json.jsonValue(Decimal.JSON.pixel(match.xB()));
      json.jsonValue(Decimal.JSON.pixel(match.yB()));
      json.jsonValue(Decimal.JSON.confidence(match.confidence()));
      json.endArray();
    }
    json.endArray();
    json.endObject();
    json.flush();
    out.write('\n');
  }
}
