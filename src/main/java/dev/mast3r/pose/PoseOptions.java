package dev.mast3r.pose;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a relative pose is estimated.
 *
 * @param method empty: {@link AutoPose} chooses
 * @param threshold largest error of an inlier: original pixels for {@link PoseMethod#ESSENTIAL} and
 *     {@link PoseMethod#PNP}, metres for {@link PoseMethod#PROCRUSTES} (median depths if the
 *     pointmaps are not metric); empty: the method's own default, see {@link
 *     #thresholdFor(PoseMethod)}
 * @param maxIterations most samples that the robust search draws; default 10000
 * @param confidence chance of having drawn a sample without outliers at which the search may stop,
 *     in (0, 1); default 0.9999
 * @param seed of every random choice; the same seed gives the same pose; default 0
 * @param noise standard deviation of right matches for {@link PoseMethod#ESSENTIAL}, in thresholds;
 *     default {@value #COARSE_NOISE}
 */
public record PoseOptions(
    Optional<PoseMethod> method,
    OptionalDouble threshold,
    int maxIterations,
    double confidence,
    long seed,
    double noise) {

  /** Of SIFT's matches and of network pixels: of 0.4 to 1 the best over photographs with SIFT. */
  private static final double COARSE_NOISE = 0.5;

  /**
   * Of matches that were moved to where the photos agree. On rendered pairs AUC@5 is 2 points less
   * with 0.5 and 1 point more with 0.1, which photographs do not confirm.
   */
  private static final double REFINED_NOISE = 0.2;

  public PoseOptions {
    if (threshold.isPresent() && !(threshold.getAsDouble() > 0)) {
      throw new IllegalArgumentException(
          "threshold must be positive, found " + threshold.getAsDouble());
    }
    if (maxIterations < 1) {
      throw new IllegalArgumentException("maxIterations must be positive, found " + maxIterations);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0, 1), found " + confidence);
    }
    if (!(noise > 0)) {
      throw new IllegalArgumentException("noise must be positive, found " + noise);
    }
  }

  public static PoseOptions defaults() {
    return of(Optional.empty(), OptionalDouble.empty(), 10000, 0.9999, 0);
  }

  /** Returns options for matches of any kind. */
  public static PoseOptions of(
      Optional<PoseMethod> method,
      OptionalDouble threshold,
      int maxIterations,
      double confidence,
      long seed) {
    return new PoseOptions(method, threshold, maxIterations, confidence, seed, COARSE_NOISE);
  }

  /** Returns the same options for one method. */
  public PoseOptions withMethod(PoseMethod chosen) {
    return new PoseOptions(Optional.of(chosen), threshold, maxIterations, confidence, seed, noise);
  }

  /** Returns the same options for matches of a small fraction of a pixel. */
  public PoseOptions forRefinedMatches() {
    return new PoseOptions(method, threshold, maxIterations, confidence, seed, REFINED_NOISE);
  }

  /** Returns the same options for a part of the search, with another seed. */
  PoseOptions forPart(int iterations, long otherSeed) {
    return new PoseOptions(method, threshold, iterations, confidence, otherSeed, noise);
  }

  /** Returns the threshold that was set, else 1 px, 5 px or 0.05 m as the method has it. */
  public double thresholdFor(PoseMethod used) {
    return threshold.orElse(
        switch (used) {
          case ESSENTIAL -> 1;
          case PNP -> 5;
          case PROCRUSTES -> 0.05;
        });
  }
}
