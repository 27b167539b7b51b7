package dev.mast3r.pose;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.match.Correspondence;
import dev.mast3r.robust.Significance;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The relative pose from the essential matrix of the matches, as the Map-free baseline has it
 * (arXiv 2210.05494; MASt3R, arXiv 2406.09756, section 4.1): robust essential matrix, the
 * decomposition with most inliers in front of both cameras, t of unit norm; then the {@link
 * MetricScale} if there are metric points.
 *
 * <p>Departures from the baseline's code: the pixel threshold is divided by the mean of the four
 * focal lengths (the baseline's mean takes in two zeros, which doubles its threshold); several
 * searches and a refinement settle what chance left open; inliers are counted by the Sampson error
 * and by being in front of both cameras; rays keep their exact pixels, where the baseline truncates
 * them for the depth look-up. Matches that a pure rotation explains give {@link
 * PoseResult.Reason#DEGENERATE}, as their t would be chance. Where the matches lie on a plane, the
 * points choose between its two poses, metric or not; without points the choice is open.
 */
public final class EssentialPose implements RelativePoseEstimator {

  private static final int SAMPLE_SIZE = 5;

  /** Up to ten essential matrices pass through five matches. */
  private static final Significance SIGNIFICANCE = new Significance(SAMPLE_SIZE, 10);

  /**
   * Searches with seeds of their own that share the iterations, of which the best counts: on SIFT
   * matches of indoor scenes a single one loses up to 10 points of AUC@5 by chance.
   */
  private static final int RESTARTS = 8;

  /** So many searches that end in the same best pose are enough. */
  private static final int AGREEING = 3;

  /** Costs nearer than this belong to the same pose: refinement ends far below it. */
  private static final double SAME_COST = 1e-6;

  /** The share of the best pose's inliers that makes another one its rival. */
  private static final double RIVAL_SHARE = 0.95;

  private final EssentialSearch search;

  public EssentialPose(EssentialSearch search) {
    this.search = search;
  }

  @Override
  public PoseResult estimate(PoseProblem problem, PoseOptions options) {
    List<Correspondence> matches = problem.matches().distinct();
    if (matches.size() < SAMPLE_SIZE) {
      return notFound(PoseResult.Reason.TOO_FEW_MATCHES, matches);
    }
    double focalPx = meanFocalPx(problem.intrinsicsA(), problem.intrinsicsB());
    double maxErrorPx = options.thresholdFor(PoseMethod.ESSENTIAL);
    List<RayPair> rays = RayPair.of(matches, problem);
    Optional<MotionSupport> found = search(rays, focalPx, maxErrorPx, options);
    double chance = MatchedArea.inB(matches).shareNearLine(maxErrorPx);
    if (found.isEmpty()
        || !SIGNIFICANCE.isMeaningful(matches.size(), found.get().inliers().size(), chance)) {
      return notFound(PoseResult.Reason.TOO_FEW_INLIERS, matches);
    }
    MotionSupport best = found.get();
    if (!Parallax.isMeasurable(best.select(rays), best.bFromA(), focalPx)) {
      return notFound(PoseResult.Reason.DEGENERATE, matches);
    }
    return problem
        .points()
        .map(points -> scaled(best, rays, matches, problem, points))
        .orElseGet(() -> upToScale(best, matches));
  }

  private Optional<MotionSupport> search(
      List<RayPair> rays, double focalPx, double maxErrorPx, PoseOptions options) {
    Optional<MotionSupport> best = Optional.empty();
    Random seeds = new Random(options.seed());
    int iterations = Math.max(1, options.maxIterations() / RESTARTS);
    int agreeing = 0;
    for (int restart = 0; restart < RESTARTS && agreeing < AGREEING; restart++) {
      PoseOptions part = options.forPart(iterations, seeds.nextInt());
      for (EssentialMatrix e : search.find(rays, focalPx, maxErrorPx, part)) {
        MotionSupport support =
            MotionSupport.mostInFront(e.decompose(), rays, maxErrorPx / focalPx, options.noise())
                .refined(rays);
        double bestCost = best.map(MotionSupport::cost).orElse(Double.POSITIVE_INFINITY);
        if (support.cost() < bestCost * (1 - SAME_COST)) {
          best = Optional.of(support);
          agreeing = 1;
        } else if (support.cost() <= bestCost * (1 + SAME_COST)) {
          agreeing++;
        }
      }
    }
    return best;
  }

  /** Chooses between the pose and its rivals by the depths, and sets the length of t by them. */
  private static PoseResult scaled(
      MotionSupport best,
      List<RayPair> rays,
      List<Correspondence> matches,
      PoseProblem problem,
      PointEvidence points) {
    MotionSupport chosen = best;
    MetricScale scale = MetricScale.of(best, matches, problem, points);
    for (Rigid3 twin : PlanarTwin.of(best.bFromA(), best.select(rays))) {
      MotionSupport rival =
          MotionSupport.of(twin, rays, best.maxError(), best.noise()).refined(rays);
      if (rival.inliers().size() >= RIVAL_SHARE * best.inliers().size()) {
        MetricScale rivalScale = MetricScale.of(rival, matches, problem, points);
        if (rivalScale.share() > scale.share()) {
          chosen = rival;
          scale = rivalScale;
        }
      }
    }
    if (!points.metric() || !scale.isTrusted()) {
      return upToScale(chosen, matches);
    }
    Rigid3 unit = chosen.bFromA();
    Rigid3 bFromA = new Rigid3(unit.rotation(), unit.translation().times(scale.length()));
    return new PoseResult.Found(
        PoseMethod.ESSENTIAL, bFromA, true, matches.size(), chosen.inliers().size());
  }

  private static PoseResult upToScale(MotionSupport support, List<Correspondence> matches) {
    return new PoseResult.Found(
        PoseMethod.ESSENTIAL, support.bFromA(), false, matches.size(), support.inliers().size());
  }

  private static double meanFocalPx(Intrinsics a, Intrinsics b) {
    return (a.fx() + a.fy() + b.fx() + b.fy()) / 4;
  }

  private static PoseResult notFound(PoseResult.Reason reason, List<Correspondence> matches) {
    return new PoseResult.NotFound(PoseMethod.ESSENTIAL, reason, matches.size());
  }
}
