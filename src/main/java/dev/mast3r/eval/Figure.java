package dev.mast3r.eval;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * One number that a benchmark comes down to, and which way is up.
 *
 * @param name in baseline files; the unit is in it where there is one
 * @param higherIsBetter whether more is better
 * @param value rounded to 4 decimals, so that a file holds exactly what is compared; infinite where
 *     there is nothing to take a median of
 * @param slack what a new baseline allows
 */
public record Figure(String name, boolean higherIsBetter, double value, Slack slack) {

  private static final int DECIMALS = 4;

  public Figure {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException(name + " is no number");
    }
    if (Double.isFinite(value)) {
      value = BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN).doubleValue();
    }
  }

  /** Returns a figure of which more is better. */
  public static Figure higherIsBetter(String name, double value, Slack slack) {
    return new Figure(name, true, value, slack);
  }

  /** Returns a figure of which less is better. */
  public static Figure lowerIsBetter(String name, double value, Slack slack) {
    return new Figure(name, false, value, slack);
  }
}
