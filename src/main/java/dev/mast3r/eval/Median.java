package dev.mast3r.eval;

import java.util.Collection;

/** The middle of numbers: of an even count, the mean of the middle two. */
final class Median {

  private Median() {}

  /**
   * Returns the median; infinite numbers count as any other.
   *
   * @throws IllegalArgumentException if there are none
   */
  static double of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no numbers to take the median of");
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
