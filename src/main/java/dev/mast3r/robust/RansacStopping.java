package dev.mast3r.robust;

/** When enough samples were drawn (Fischler and Bolles, CACM 1981, section II). */
final class RansacStopping {

  private RansacStopping() {}

  /**
   * Returns how many samples are needed to have drawn one without outliers with the given
   * confidence, {@code log(1 - confidence) / log(1 - inlierRatio^sampleSize)} rounded up; at least
   * 1 and at most {@code maxIterations}.
   */
  static int iterations(double inlierRatio, int sampleSize, double confidence, int maxIterations) {
    double allInliers = Math.pow(inlierRatio, sampleSize);
    if (allInliers >= 1) {
      return 1;
    }
    // log1p keeps a tiny chance apart from zero, for which the quotient is infinite.
    double needed = Math.ceil(Math.log1p(-confidence) / Math.log1p(-allInliers));
    return (int) Math.max(1, Math.min(needed, maxIterations));
  }
}
