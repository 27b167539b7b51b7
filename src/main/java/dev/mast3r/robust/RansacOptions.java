package dev.mast3r.robust;

/**
 * How a robust search runs.
 *
 * @param maxError largest error of an inlier, in the estimator's unit
 * @param maxIterations most samples that are drawn
 * @param confidence chance of having drawn a sample without outliers at which the search may stop,
 *     in (0, 1)
 * @param seed of the samples
 */
public record RansacOptions(double maxError, int maxIterations, double confidence, long seed) {

  public RansacOptions {
    if (!(maxError > 0)) {
      throw new IllegalArgumentException("maxError must be positive, found " + maxError);
    }
    if (maxIterations < 1) {
      throw new IllegalArgumentException("maxIterations must be positive, found " + maxIterations);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0, 1), found " + confidence);
    }
  }
}
