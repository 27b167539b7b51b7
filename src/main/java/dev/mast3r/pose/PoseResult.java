package dev.mast3r.pose;

import dev.mast3r.geometry.Rigid3;

/** The relative pose of a pair, or why there is none. */
public sealed interface PoseResult {

  /** Returns the method that was used. */
  PoseMethod method();

  /** Returns how many correspondences the estimator was given. */
  int matches();

  /**
   * A pose {@code x_B = R x_A + t}.
   *
   * @param metric whether the translation is in metres; else it has unit norm
   * @param inliers correspondences within the threshold of the method
   */
  record Found(PoseMethod method, Rigid3 bFromA, boolean metric, int matches, int inliers)
      implements PoseResult {

    /** Returns inliers over matches, 0 to 1. */
    public double inlierRatio() {
      return matches == 0 ? 0 : (double) inliers / matches;
    }
  }

  /** No pose, and why. */
  record NotFound(PoseMethod method, Reason reason, int matches) implements PoseResult {}

  /** Why there is no pose. */
  enum Reason {
    TOO_FEW_MATCHES("too few matches"),
    TOO_FEW_INLIERS("too few matches agree on one pose"),
    DEGENERATE("the matches do not determine a pose"),
    NO_DEPTH("no usable depth at the matches");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** Returns the reason in words, for messages and result files. */
    public String text() {
      return text;
    }
  }
}
