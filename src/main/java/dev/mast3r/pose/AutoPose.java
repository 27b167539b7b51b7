package dev.mast3r.pose;

/**
 * Chooses between two estimators by what they find: the essential matrix, which rests on the
 * matches alone, whatever the points are worth; and where it gives no pose, as for a camera that
 * only turned or for a handful of matches, PnP if there are points. If both give none, the reason
 * is the essential matrix's. A result says which method was used.
 */
public final class AutoPose implements RelativePoseEstimator {

  private final RelativePoseEstimator essential;
  private final RelativePoseEstimator pnp;

  public AutoPose(RelativePoseEstimator essential, RelativePoseEstimator pnp) {
    this.essential = essential;
    this.pnp = pnp;
  }

  @Override
  public PoseResult estimate(PoseProblem problem, PoseOptions options) {
    PoseResult byMatches = essential.estimate(problem, options);
    if (byMatches instanceof PoseResult.Found || problem.points().isEmpty()) {
      return byMatches;
    }
    PoseResult byPoints = pnp.estimate(problem, options);
    return byPoints instanceof PoseResult.Found ? byPoints : byMatches;
  }
}
