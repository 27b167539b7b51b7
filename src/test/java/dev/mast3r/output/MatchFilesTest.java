package dev.mast3r.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatchFilesTest {

  private static final MatchSet MATCHES =
      new MatchSet(
          List.of(
              new Correspondence(0, 0.00004, -0.5, 1e-9, 0.00001234567),
              new Correspondence(1234.567891, 3, 1.0 / 3, 2.5, 123456789.0)));

  private static String csv(MatchSet matches) throws IOException {
    StringWriter out = new StringWriter();
    CsvMatches.write(out, matches);
    return out.toString();
  }

  @Test
  void csvHasOneLineAMatchTheMostConfidentFirst() throws IOException {
    assertEquals(
        """
        x_a,y_a,x_b,y_b,confidence
        1234.5679,3,0.3333,2.5,123457000
        0,0,-0.5,0,0.0000123457
        """,
        csv(MATCHES));
  }

  @Test
  void csvOfNoMatchesIsItsHeader() throws IOException {
    assertEquals("x_a,y_a,x_b,y_b,confidence\n", csv(new MatchSet(List.of())));
  }

  @Test
  void csvIsTheSameInEveryLocale() throws IOException {
    Locale before = Locale.getDefault();
    String expected = csv(MATCHES);
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals(expected, csv(MATCHES));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void csvLeavesACellWithoutAFiniteNumberEmpty() throws IOException {
    MatchSet infinite =
        new MatchSet(List.of(new Correspondence(1, 2, 3, 4, Double.POSITIVE_INFINITY)));

    assertEquals("x_a,y_a,x_b,y_b,confidence\n1,2,3,4,\n", csv(infinite));
  }

  @Test
  void jsonNamesImagesAndColumns() throws IOException {
    StringWriter out = new StringWriter();
    JsonMatches.write(out, "a \"1\".png", "b.png", MATCHES);

    assertEquals(
        "{\"image_a\":\"a \\\"1\\\".png\",\"image_b\":\"b.png\","
            + "\"columns\":[\"x_a\",\"y_a\",\"x_b\",\"y_b\",\"confidence\"],"
            + "\"matches\":[[1234.5679,3,0.3333,2.5,123457000],[0,0,-0.5,0,0.0000123457]]}\n",
        out.toString());
  }

  @Test
  void jsonHasNullForWhatIsNotFinite() throws IOException {
    StringWriter out = new StringWriter();
    JsonMatches.write(
        out, "a", "b", new MatchSet(List.of(new Correspondence(1, 2, 3, 4, Double.NaN))));

    JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
    JsonArray match = json.getAsJsonArray("matches").get(0).getAsJsonArray();
    assertEquals(4, match.get(3).getAsDouble());
    assertEquals(true, match.get(4).isJsonNull());
  }

  @Test
  void npzKeepsCoordinatesExactly(@TempDir Path folder) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NpzMatches.write(out, MATCHES);
    Path file = Files.write(folder.resolve("m.npz"), out.toByteArray());

    try (NpzReader npz = new NpzReader(file, 1000)) {
      assertEquals(List.of(2, 2), npz.header("keypoints_a").shape());
      assertArrayEquals(
          new double[] {1234.567891, 3, 0, 0.00004}, npz.read("keypoints_a").toDoubles());
      assertArrayEquals(
          new double[] {1.0 / 3, 2.5, -0.5, 1e-9}, npz.read("keypoints_b").toDoubles());
      assertArrayEquals(
          new float[] {(float) 123456789.0, 0.00001234567f}, npz.read("confidence").toFloats());
    }
  }
}
