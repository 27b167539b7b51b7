package dev.mast3r.pose;

import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Triangulation;
import dev.mast3r.match.Correspondence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The length of a translation whose direction is known, from metric depths at the matches.
 *
 * <p>A match triangulated with a baseline of 1 has depth d; the pointmap says z metres: it votes
 * for the length z / d. A's depths vote, and B's own too if the network was run on the pair in
 * reverse. The length that most votes agree with to 10 % wins, and is set to their mean; means and
 * tolerance are of logarithms. A vote counts less the smaller its parallax is, as then d is
 * uncertain: half at 0.04 rad, where a pixel of noise at usual focal lengths matters as much as 5 %
 * of depth.
 *
 * <p>Departure from the Map-free baseline (arXiv 2210.05494), whose votes are {@code (X_B - R X_A)
 * . t} with a tolerance of 0.1 m: these need depths of both images, and an error of the depth
 * enters in full even where the baseline is a few centimetres; here it enters in proportion to the
 * baseline.
 *
 * @param length of the translation, in the unit of the points; 0 if there are no votes
 * @param share of the votes that agree with it, by weight, 0 to 1
 * @param votes how many agree
 */
record MetricScale(double length, double share, int votes) {

  private static final double TOLERANCE = Math.log(1.1);
  private static final double HALF_WEIGHT_PARALLAX_RAD = 0.04;

  /** Fewer agreeing votes, or a smaller share of all, may be chance. */
  private static final int MIN_VOTES = 5;

  private static final double MIN_SHARE = 0.1;

  /** Returns whether the votes that agree are too many for chance. */
  boolean isTrusted() {
    return votes >= MIN_VOTES && share >= MIN_SHARE;
  }

  /** Lets the inliers of a motion vote. */
  static MetricScale of(
      MotionSupport motion,
      List<Correspondence> matches,
      PoseProblem problem,
      PointEvidence points) {
    Rigid3 bFromA = motion.bFromA();
    List<Vote> votes = new ArrayList<>();
    for (Correspondence match : motion.select(matches)) {
      RayPair rays = RayPair.of(match, problem);
      Triangulation unit = rays.triangulate(bFromA);
      double ratio = HALF_WEIGHT_PARALLAX_RAD / rays.parallaxRad(bFromA);
      double weight = 1 / (1 + ratio * ratio);
      vote(points.a().at(match.xA(), match.yA()), unit.depthA(), weight, votes);
      if (points.b().isPresent()) {
        vote(points.b().get().at(match.xB(), match.yB()), unit.depthB(), weight, votes);
      }
    }
    return winner(votes);
  }

  private static void vote(
      Optional<Point3> point, double unitDepth, double weight, List<Vote> votes) {
    if (point.isPresent() && unitDepth > 0) {
      votes.add(new Vote(Math.log(point.get().z() / unitDepth), weight));
    }
  }

  private static MetricScale winner(List<Vote> votes) {
    List<Vote> sorted =
        votes.stream()
            .sorted(Comparator.comparingDouble(Vote::logScale).thenComparingDouble(Vote::weight))
            .toList();
    double bestWeight = 0;
    List<Vote> best = List.of();
    int from = 0;
    int to = 0;
    for (Vote centre : sorted) {
      while (sorted.get(from).logScale < centre.logScale - TOLERANCE) {
        from++;
      }
      while (to < sorted.size() && sorted.get(to).logScale <= centre.logScale + TOLERANCE) {
        to++;
      }
      List<Vote> agreeing = sorted.subList(from, to);
      double weight = totalWeight(agreeing);
      if (weight > bestWeight) {
        bestWeight = weight;
        best = agreeing;
      }
    }
    if (best.isEmpty()) {
      return new MetricScale(0, 0, 0);
    }
    double sum = 0;
    for (Vote vote : best) {
      sum += vote.weight * vote.logScale;
    }
    return new MetricScale(
        Math.exp(sum / bestWeight), bestWeight / totalWeight(sorted), best.size());
  }

  private static double totalWeight(List<Vote> votes) {
    double sum = 0;
    for (Vote vote : votes) {
      sum += vote.weight;
    }
    return sum;
  }

  private record Vote(double logScale, double weight) {}
}
