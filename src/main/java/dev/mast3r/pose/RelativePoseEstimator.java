package dev.mast3r.pose;

/** One way to a relative pose. Implementations keep no state between calls. */
public interface RelativePoseEstimator {

  /**
   * Estimates {@code x_B = R x_A + t}. Too little, degenerate or contradictory input is an answer,
   * {@link PoseResult.NotFound}, no exception. The same problem and options give the same result to
   * the bit.
   */
  PoseResult estimate(PoseProblem problem, PoseOptions options);
}
