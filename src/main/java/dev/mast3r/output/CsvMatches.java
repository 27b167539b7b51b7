package dev.mast3r.output;

import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.io.IOException;
import java.io.Writer;

/**
 * Matches as comma-separated values: a header, then one line a match, the most confident first.
 * Coordinates are rounded to 1e-4 px, confidences to six significant digits.
 */
public final class CsvMatches {

  private static final String HEADER = "x_a,y_a,x_b,y_b,confidence\n";

  private CsvMatches() {}

  public static void write(Writer out, MatchSet matches) throws IOException {
    out.write(HEADER);
    for (Correspondence match : matches.correspondences()) {
      out.write(Decimal.CSV.pixel(match.xA()));
      out.write(',');
      out.write(Decimal.CSV.pixel(match.yA()));
      out.write(',');
      out.write(Decimal.CSV.pixel(match.xB()));
      out.write(',');
      out.write(Decimal.CSV.pixel(match.yB()));
      out.write(',');
      out.write(Decimal.CSV.confidence(match.confidence()));
      out.write('\n');
    }
  }
}
