package dev.mast3r.eval;

import java.util.Arrays;
import java.util.List;

/**
 * The recall of pose estimation as a function of the error that is allowed, and the area under it:
 * AUC@5, @10, @20 of SuperGlue (arXiv 1911.11763) and its followers.
 *
 * <p>Recall runs in straight lines through (0, 0) and (e_i, i / n), e_i being the i-th smallest of
 * n errors, and stays flat from the last error below the threshold to the threshold. An infinite
 * error is a pair without a pose: it stays in the denominator.
 */
public final class AucCurve {

  private final double[] sortedErrors;

  private AucCurve(double[] sortedErrors) {
    this.sortedErrors = sortedErrors;
  }

  /**
   * Makes the curve of the given errors.
   *
   * @param errors one a pair, not negative, infinite for a pair without a pose
   * @throws IllegalArgumentException if there are none, or one is negative or NaN
   */
  public static AucCurve of(List<Double> errors) {
    double[] sorted = errors.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no errors to make a curve of");
    }
    if (!Arrays.stream(sorted).allMatch(error -> error >= 0)) {
      throw new IllegalArgumentException("errors must not be negative or NaN: " + errors);
    }
    return new AucCurve(sorted);
  }

  /**
   * Returns the area under the curve up to {@code threshold}, divided by {@code threshold}: 0 to 1.
   *
   * @param threshold positive, in the unit of the errors
   */
  public double areaUpTo(double threshold) {
    if (!(threshold > 0)) {
      throw new IllegalArgumentException("threshold must be positive, found " + threshold);
    }
    int count = sortedErrors.length;
    double area = 0;
    double lastError = 0;
    double lastRecall = 0;
    for (int i = 0; i < count && sortedErrors[i] < threshold; i++) {
      double recall = (i + 1.0) / count;
      area += (sortedErrors[i] - lastError) * (lastRecall + recall) / 2;
      lastError = sortedErrors[i];
      lastRecall = recall;
    }
    area += (threshold - lastError) * lastRecall;
    return area / threshold;
  }
}
