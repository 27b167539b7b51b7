package dev.mast3r.output;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as text, the same on every machine and in every locale: rounded, without trailing zeros,
 * never {@code NaN} or {@code Infinity}.
 */
enum Decimal {
  /** A number that is not finite becomes {@code null}. */
  JSON("null"),
  /** A number that is not finite becomes nothing, an empty cell. */
  CSV("");

  private static final int PIXEL_DECIMALS = 4;
  private static final int CONFIDENCE_DIGITS = 6;
  private static final int POSE_DIGITS = 12;
  private static final int SECOND_DECIMALS = 6;

  private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};
  private static final double FAST_BELOW = 1e9;

  private final String notFinite;

  Decimal(String notFinite) {
    this.notFinite = notFinite;
  }

  /** Rounds to 1e-4 px, far below what any matcher resolves. */
  String pixel(double value) {
    return fixed(value, PIXEL_DECIMALS);
  }

  /** Rounds to six significant digits, about what a float carries. */
  String confidence(double value) {
    return significant(value, CONFIDENCE_DIGITS);
  }

  /** Rounds to 12 significant digits. */
  String pose(double value) {
    return significant(value, POSE_DIGITS);
  }

  /** Rounds to microseconds. */
  String seconds(double value) {
    return fixed(value, SECOND_DECIMALS);
  }

  private String fixed(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return notFinite;
    }
    if (Math.abs(value) < FAST_BELOW) {
      return text(Math.round(value * POWERS[decimals]), decimals);
    }
    return text(BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN));
  }

  /** Returns {@code units / 10^decimals}; several times as fast as by way of BigDecimal. */
  private static String text(long units, int decimals) {
    long power = POWERS[decimals];
    StringBuilder text = new StringBuilder(units < 0 ? "-" : "");
    long fraction = Math.abs(units) % power;
    text.append(Math.abs(units) / power);
    if (fraction != 0) {
      text.append('.').append(Long.toString(power + fraction), 1, decimals + 1);
      int end = text.length();
      while (text.charAt(end - 1) == '0') {
        end--;
      }
      text.setLength(end);
    }
    return text.toString();
  }

  private String significant(double value, int digits) {
    if (!Double.isFinite(value)) {
      return notFinite;
    }
    return text(BigDecimal.valueOf(value).round(new MathContext(digits, RoundingMode.HALF_EVEN)));
  }

  private static String text(BigDecimal value) {
    if (value.signum() == 0) {
      return "0";
    }
    BigDecimal shortest = value.stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    return exponent >= -7 && exponent < 16 ? shortest.toPlainString() : shortest.toString();
  }
}
