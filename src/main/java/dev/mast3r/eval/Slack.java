package dev.mast3r.eval;

import java.math.BigDecimal;

/**
 * By how much a figure may be worse than its baseline.
 *
 * @param amount in the figure's unit, or in percent of the baseline's value; not negative
 * @param relative whether it is a percentage
 */
public record Slack(double amount, boolean relative) {

  public Slack {
    if (!(amount >= 0) || !Double.isFinite(amount)) {
      throw new IllegalArgumentException("slack must not be negative, found " + amount);
    }
  }

  /** Returns a slack in the figure's own unit. */
  public static Slack of(double amount) {
    return new Slack(amount, false);
  }

  /** Returns a slack of so many percent of the baseline's value. */
  public static Slack ofPercent(double percent) {
    return new Slack(percent, true);
  }

  /**
   * Reads {@code 2.5} or {@code 10%}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static Slack parse(String text) {
    boolean relative = text.endsWith("%");
    return new Slack(
        Double.parseDouble(relative ? text.substring(0, text.length() - 1) : text), relative);
  }

  /** Returns the slack in the unit of a figure whose baseline is {@code value}. */
  public double at(double value) {
    return relative ? Math.abs(value) * amount / 100 : amount;
  }

  /** Returns the text that {@link #parse} reads. */
  public String text() {
    String number = BigDecimal.valueOf(amount).stripTrailingZeros().toPlainString();
    return relative ? number + "%" : number;
  }
}
