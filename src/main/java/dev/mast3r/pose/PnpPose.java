package dev.mast3r.pose;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.match.Correspondence;
import dev.mast3r.robust.Significance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The relative pose from A's points and B's pixels: X^{1,1} at A's matched pixels against B's
 * original pixels. Needs no parallax, so it answers for a camera that only turned, too; its
 * translation is as metric as the points.
 */
public final class PnpPose implements RelativePoseEstimator {

  private static final int SAMPLE_SIZE = 3;

  /** Up to four poses see three points where they are seen. */
  private static final Significance SIGNIFICANCE = new Significance(SAMPLE_SIZE, 4);

  private final PnpSearch search;

  public PnpPose(PnpSearch search) {
    this.search = search;
  }

  @Override
  public PoseResult estimate(PoseProblem problem, PoseOptions options) {
    List<Correspondence> matches = problem.matches().distinct();
    if (matches.size() <= SAMPLE_SIZE) {
      return notFound(PoseResult.Reason.TOO_FEW_MATCHES, matches);
    }
    List<Point3> points = new ArrayList<>();
    List<Point2> pixels = new ArrayList<>();
    if (problem.points().isPresent()) {
      ViewPoints inA = problem.points().get().a();
      for (Correspondence match : matches) {
        Optional<Point3> point = inA.at(match.xA(), match.yA());
        if (point.isPresent()) {
          points.add(point.get());
          pixels.add(new Point2(match.xB(), match.yB()));
        }
      }
    }
    if (points.size() <= SAMPLE_SIZE) {
      return notFound(PoseResult.Reason.NO_DEPTH, matches);
    }
    double maxErrorPx = options.thresholdFor(PoseMethod.PNP);
    Optional<Rigid3> bFromA =
        search.find(points, pixels, problem.intrinsicsB(), maxErrorPx, options);
    int inliers =
        bFromA.isEmpty()
            ? 0
            : inliers(bFromA.get(), points, pixels, problem.intrinsicsB(), maxErrorPx);
    double chance = MatchedArea.of(pixels).shareNearPoint(maxErrorPx);
    if (!SIGNIFICANCE.isMeaningful(points.size(), inliers, chance)) {
      return notFound(PoseResult.Reason.TOO_FEW_INLIERS, matches);
    }
    boolean metric = problem.points().get().metric();
    return PoseResult.ofMotion(PoseMethod.PNP, bFromA.get(), metric, matches.size(), inliers);
  }

  private static int inliers(
      Rigid3 bFromA,
      List<Point3> points,
      List<Point2> pixels,
      Intrinsics intrinsicsB,
      double maxErrorPx) {
    int inliers = 0;
    for (int i = 0; i < points.size(); i++) {
      Point3 inB = bFromA.apply(points.get(i));
      if (inB.z() > 0 && intrinsicsB.project(inB).distanceTo(pixels.get(i)) <= maxErrorPx) {
        inliers++;
      }
    }
    return inliers;
  }

  private static PoseResult notFound(PoseResult.Reason reason, List<Correspondence> matches) {
    return new PoseResult.NotFound(PoseMethod.PNP, reason, matches.size());
  }
}
