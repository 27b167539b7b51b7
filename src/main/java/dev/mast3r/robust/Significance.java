package dev.mast3r.robust;

/**
 * Whether a model's inliers are more than chance gives: a search over enough samples finds some
 * model that a few wrong data agree with.
 *
 * <p>The expected number of models with so many inliers among data that are all wrong, {@code NFA =
 * m (n - s) C(n, k) C(k, s) p^(k - s)} (Moisan and Stival, IJCV 2004, section 4.2), for n data, k
 * inliers, samples of s data that m models pass through, and the chance p of a wrong datum to be an
 * inlier.
 */
public final class Significance {

  /** One chance model in a thousand data sets. */
  private static final double MAX_LOG10_FALSE_ALARMS = -3;

  private final int sampleSize;
  private final int modelsPerSample;

  /**
   * Describes a search.
   *
   * @param sampleSize data that settle a model, positive
   * @param modelsPerSample most models that a sample gives, positive
   */
  public Significance(int sampleSize, int modelsPerSample) {
    if (sampleSize < 1 || modelsPerSample < 1) {
      throw new IllegalArgumentException(
          "sizes must be positive, found " + sampleSize + " and " + modelsPerSample);
    }
    this.sampleSize = sampleSize;
    this.modelsPerSample = modelsPerSample;
  }

  /**
   * Returns whether fewer than one such model in a thousand data sets is expected by chance.
   *
   * @param size all data
   * @param inliers those that agree with the model
   * @param chance probability of a wrong datum to agree with a model; 1 and more: everything does
   */
  public boolean isMeaningful(int size, int inliers, double chance) {
    return log10FalseAlarms(size, inliers, chance) < MAX_LOG10_FALSE_ALARMS;
  }

  /** Returns the decimal logarithm of NFA; infinite if there are no more inliers than a sample. */
  double log10FalseAlarms(int size, int inliers, double chance) {
    if (inliers <= sampleSize) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.log10(modelsPerSample)
        + Math.log10(size - sampleSize)
        + log10Binomial(size, inliers)
        + log10Binomial(inliers, sampleSize)
        + (inliers - sampleSize) * Math.log10(Math.min(chance, 1));
  }

  private static double log10Binomial(int n, int k) {
    double sum = 0;
    for (int i = 1; i <= Math.min(k, n - k); i++) {
      sum += Math.log10(n - i + 1) - Math.log10(i);
    }
    return sum;
  }
}
