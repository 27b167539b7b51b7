package dev.mast3r.pose;

import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;

/** The relative pose of a pair, or why there is none. */
public sealed interface PoseResult {

  /** Returns the method that was used. */
  PoseMethod method();

  /** Returns how many different correspondences the estimator was given. */
  int matches();

  /**
   * Makes the result of a motion whose translation has the unit of the points: kept if they are
   * metric, else brought to unit norm; {@link Reason#DEGENERATE} if it has no direction.
   */
  static PoseResult ofMotion(
      PoseMethod method, Rigid3 bFromA, boolean metric, int matches, int inliers) {
    if (metric) {
      return new Found(method, bFromA, true, matches, inliers);
    }
    Point3 t = bFromA.translation();
    double norm = t.norm();
    if (!(norm > 0)) {
      return new NotFound(method, Reason.DEGENERATE, matches);
    }
    Rigid3 unit = new Rigid3(bFromA.rotation(), t.times(1 / norm));
    return new Found(method, unit, false, matches, inliers);
  }

  /**
   * A pose {@code x_B = R x_A + t}.
   *
   * @param metric whether the translation is in metres; else it has unit norm
   * @param inliers correspondences within the threshold of the method
   */
  record Found(PoseMethod method, Rigid3 bFromA, boolean metric, int matches, int inliers)
      implements PoseResult {

    private static final double MAX_UNIT_NORM_ERROR = 1e-9;

    public Found {
      double norm = bFromA.translation().norm();
      if (!metric && !(Math.abs(norm - 1) <= MAX_UNIT_NORM_ERROR)) {
        throw new IllegalArgumentException(
            "a translation that is not metric needs unit norm, found " + norm);
      }
    }

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
