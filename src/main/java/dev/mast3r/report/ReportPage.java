package dev.mast3r.report;

import com.google.gson.stream.JsonWriter;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes one pair as an interactive page: photos, matches, facts and the script that draws them in
 * one HTML file, which loads nothing and says so to the browser (a content security policy that
 * allows no address but those of embedded data). Without the script the photos and facts are still
 * there.
 *
 * <p>At most {@value #MAX_MATCHES} matches go in, spread over A; the page says so if there are
 * more.
 */
public final class ReportPage {

  private static final String TEMPLATE = "page.html";
  private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

  /** So many are drawn at once without delay; a page of them has 1 MB of numbers. */
  private static final int MAX_MATCHES = 20_000;

  private static final double LARGEST = 1e30;

  /** Of the grid by which the page's first matches cover A. */
  private static final int CELLS = 150;

  private final PairReport report;

  public ReportPage(PairReport report) {
    this.report = report;
  }

  /** Writes the page in UTF-8; the stream stays open. */
  public void write(OutputStream out) throws IOException {
    PairReport.Photo a = report.a();
    PairReport.Photo b = report.b();
    Map<String, String> content =
        Map.ofEntries(
            Map.entry("title", HtmlText.of(fileName(a.name()) + " and " + fileName(b.name()))),
            Map.entry("summary", HtmlText.of(summary())),
            Map.entry("nameA", HtmlText.of(a.name())),
            Map.entry("nameB", HtmlText.of(b.name())),
            Map.entry("sizeA", size(a.pixels())),
            Map.entry("sizeB", size(b.pixels())),
            Map.entry("aspectA", aspect(a.pixels())),
            Map.entry("aspectB", aspect(b.pixels())),
            Map.entry("photoA", EmbeddedPhoto.address(a.pixels())),
            Map.entry("photoB", EmbeddedPhoto.address(b.pixels())),
            Map.entry("tables", tables()),
            Map.entry("data", data()));
    // in one pass: what is put in is not looked at again
    String page =
        SLOT.matcher(template())
            .replaceAll(slot -> Matcher.quoteReplacement(content.get(slot.group(1))));
    out.write(page.getBytes(StandardCharsets.UTF_8));
  }

  private static String template() throws IOException {
    try (InputStream template = ReportPage.class.getResourceAsStream(TEMPLATE)) {
      if (template == null) {
        throw new IllegalStateException("the resource " + TEMPLATE + " is missing");
      }
      return new String(template.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String summary() {
    int count = report.matches().size();
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? "match" : "matches");
  }

  private static String fileName(String path) {
    return path.substring(1 + Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')));
  }

  private static String size(RgbImage pixels) {
    return pixels.width() + " x " + pixels.height() + " px";
  }

  private static String aspect(RgbImage pixels) {
    return String.format(Locale.ROOT, "%.5f", (double) pixels.width() / pixels.height());
  }

  private String tables() {
    StringBuilder html = new StringBuilder();
    for (FactTable table : report.tables()) {
      html.append("<section class=\"card\"><h2>").append(HtmlText.of(table.heading()));
      html.append("</h2><table>");
      for (FactTable.Fact fact : table.facts()) {
        html.append("<tr><th scope=\"row\">").append(HtmlText.of(fact.name())).append("</th><td>");
        html.append(HtmlText.of(fact.value())).append("</td></tr>\n");
      }
      html.append("</table></section>\n");
    }
    return html.toString();
  }

  private String data() throws IOException {
    RgbImage a = report.a().pixels();
    RgbImage b = report.b().pixels();
    List<Correspondence> ordered =
        SpreadSelection.ordered(report.matches(), CELLS, a.width(), a.height());
    StringWriter text = new StringWriter();
    JsonWriter json = new JsonWriter(text);
    // escapes what could end the element that holds the data
    json.setHtmlSafe(true);
    json.beginObject();
    json.name("size_a").beginArray().value(a.width()).value(a.height()).endArray();
    json.name("size_b").beginArray().value(b.width()).value(b.height()).endArray();
    json.name("total").value(ordered.size());
    json.name("has_pose").value(report.fit().isPresent());
    json.name("limit").value(report.fit().map(PoseFit::limitPx).orElse(0.0));
    json.name("matches").beginArray();
    for (Correspondence match : ordered.subList(0, Math.min(ordered.size(), MAX_MATCHES))) {
      write(json, match);
    }
    json.endArray().endObject();
    return text.toString();
  }

  private void write(JsonWriter json, Correspondence match) throws IOException {
    OptionalDouble error =
        report.fit().map(fit -> fit.errorPx(match)).orElse(OptionalDouble.empty());
    json.beginArray();
    for (double pixel : new double[] {match.xA(), match.yA(), match.xB(), match.yB()}) {
      json.jsonValue(rounded("%.2f", pixel));
    }
    json.jsonValue(rounded("%.5g", match.confidence()));
    json.jsonValue(error.isPresent() ? rounded("%.3f", error.getAsDouble()) : "null");
    json.endArray();
  }

  /** JSON has no infinity; an exponential confidence may reach it. */
  private static String rounded(String format, double value) {
    double finite = Double.isNaN(value) ? 0 : Math.max(-LARGEST, Math.min(LARGEST, value));
    return String.format(Locale.ROOT, format, finite);
  }
}
