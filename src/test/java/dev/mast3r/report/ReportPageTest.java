package dev.mast3r.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import dev.mast3r.report.FactTable.Fact;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  private static final RgbImage WIDE = new RgbImage(400, 300, new byte[3 * 400 * 300]);
  private static final RgbImage LARGE = new RgbImage(3000, 1500, new byte[3 * 3000 * 1500]);
  private static final String EVIL =
      "a</script><script>alert(1)</script>\"onerror='x' & {{data}} $1.jpg";

  /** B stands to the right of A: a match keeps its row. */
  private static final PoseFit SIDEWAYS =
      new PoseFit(
          new Rigid3(Rotation3.identity(), new Point3(-1, 0, 0)),
          new Intrinsics(500, 500, 200, 150),
          new Intrinsics(500, 500, 200, 150),
          1.5);

  private static String page(PairReport report) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ReportPage(report).write(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static PairReport report(String nameA, MatchSet matches, Optional<PoseFit> fit) {
    return new PairReport(
        new PairReport.Photo(nameA, WIDE),
        new PairReport.Photo("b.jpg", LARGE),
        matches,
        fit,
        List.of(new FactTable("Pose <1>", List.of(new Fact("t & R", "1 < 2\nnext")))));
  }

  private static MatchSet two() {
    return new MatchSet(
        List.of(
            new Correspondence(10.126, 20, 30, 20, 3.5),
            new Correspondence(100, 50, 90, 58, 1.25)));
  }

  private static JsonObject data(String page) {
    Matcher found =
        Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>")
            .matcher(page);
    assertTrue(found.find());
    return JsonParser.parseString(found.group(1)).getAsJsonObject();
  }

  @Test
  void holdsTheMatchesAndTheirDistanceFromThePose() throws IOException {
    JsonObject data = data(page(report("a.jpg", two(), Optional.of(SIDEWAYS))));

    assertTrue(data.get("has_pose").getAsBoolean());
    assertEquals(1.5, data.get("limit").getAsDouble());
    assertEquals(400, data.getAsJsonArray("size_a").get(0).getAsInt());
    assertEquals(1500, data.getAsJsonArray("size_b").get(1).getAsInt());
    JsonArray matches = data.getAsJsonArray("matches");
    assertEquals("[10.13,20.00,30.00,20.00,3.5000,0.000]", matches.get(0).toString());
    // eight rows apart: both points move four, which is 8 / sqrt(2) together
    assertEquals(8 / Math.sqrt(2), matches.get(1).getAsJsonArray().get(5).getAsDouble(), 1e-3);
  }

  @Test
  void saysNothingOfErrorsWithoutAPose() throws IOException {
    JsonObject data = data(page(report("a.jpg", two(), Optional.empty())));

    assertFalse(data.get("has_pose").getAsBoolean());
    assertTrue(data.getAsJsonArray("matches").get(0).getAsJsonArray().get(5).isJsonNull());
  }

  @Test
  void aMotionWithoutTranslationHasNoEpipolarErrors() throws IOException {
    PoseFit still =
        new PoseFit(
            Rigid3.identity(),
            new Intrinsics(500, 500, 200, 150),
            new Intrinsics(500, 500, 200, 150),
            1);

    JsonObject data = data(page(report("a.jpg", two(), Optional.of(still))));

    assertTrue(data.getAsJsonArray("matches").get(1).getAsJsonArray().get(5).isJsonNull());
  }

  @Test
  void takesNamesAndFactsForTextWhateverTheyHold() throws IOException {
    String page = page(report(EVIL, two(), Optional.empty()));

    assertFalse(page.contains("<script>alert"), "a script of a file name");
    assertTrue(
        page.contains(
            "a&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;onerror=&#39;x&#39; &amp;"
                + " {{data}} $1.jpg"));
    assertTrue(page.contains("<h2>Pose &lt;1&gt;</h2>"));
    assertTrue(page.contains("<th scope=\"row\">t &amp; R</th><td>1 &lt; 2<br>next</td>"));
    // ours: the data and the program
    assertEquals(2, Pattern.compile("<script").matcher(page).results().count());
  }

  @Test
  void needsNothingFromOutside() throws IOException {
    String page = page(report("a.jpg", two(), Optional.of(SIDEWAYS)));

    String code = page.replaceAll("base64,[^\"]+", "").replaceAll("(?m)^ *// .*$", "");
    Matcher addresses =
        Pattern.compile("(?i)https?:|//[a-z]|@import|url\\(|<link|<iframe").matcher(code);
    assertFalse(addresses.find(), "an address from outside");
    Matcher sources = Pattern.compile("(?:src|href)=\"([^\"]{0,30})").matcher(page);
    int count = 0;
    while (sources.find()) {
      assertTrue(sources.group(1).startsWith("data:image/jpeg;base64,"), sources.group(1));
      count++;
    }
    assertEquals(2, count);
    assertTrue(
        page.contains("Content-Security-Policy\" content=\"default-src 'none'; img-src data:"));
    assertFalse(Pattern.compile("\\{\\{\\w+}}").matcher(page).find(), "an empty slot");
  }

  @Test
  void shrinksLargePhotosAndKeepsSmallOnes() throws IOException {
    String page = page(report("a.jpg", two(), Optional.empty()));

    Matcher photos = Pattern.compile("base64,([^\"]+)\"").matcher(page);
    assertTrue(photos.find());
    assertEquals(400, decoded(photos.group(1)).getWidth());
    assertTrue(photos.find());
    assertEquals(1280, decoded(photos.group(1)).getWidth());
  }

  @Test
  void holdsNoMoreMatchesThanAPageCanDrawAndTellsOfAll() throws IOException {
    MatchSet many =
        new MatchSet(
            IntStream.range(0, 20_001)
                .mapToObj(i -> new Correspondence(i % 400, Math.floorDiv(i, 400), 0, 0, i))
                .toList());

    JsonObject data = data(page(report("a.jpg", many, Optional.empty())));

    assertEquals(20_000, data.getAsJsonArray("matches").size());
    assertEquals(20_001, data.get("total").getAsInt());
  }

  @Test
  void aPageWithoutMatchesIsAPageToo() throws IOException {
    String page = page(report("a.jpg", new MatchSet(List.of()), Optional.empty()));

    assertTrue(page.contains("0 matches"));
    assertEquals(0, data(page).getAsJsonArray("matches").size());
  }

  private static BufferedImage decoded(String base64) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
  }
}
