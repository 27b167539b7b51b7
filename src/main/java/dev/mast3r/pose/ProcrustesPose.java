package dev.mast3r.pose;

import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Similarity3;
import dev.mast3r.match.Correspondence;
import dev.mast3r.robust.Estimator;
import dev.mast3r.robust.LoRansac;
import dev.mast3r.robust.RansacOptions;
import dev.mast3r.robust.Significance;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The relative pose from points alone: A's in A's frame against B's in B's frame, at the matched
 * pixels, as the Procrustes solver of the Map-free baseline does (arXiv 2210.05494). Needs the
 * points of both images, each in its own frame, but no intrinsics.
 *
 * <p>Metric points are fitted rigidly. Points of arbitrary scale are divided by their image's
 * median depth first and fitted with scale, so that the threshold then counts in B's median depths.
 */
public final class ProcrustesPose implements RelativePoseEstimator {

  private static final int SAMPLE_SIZE = 3;
  private static final Significance SIGNIFICANCE = new Significance(SAMPLE_SIZE, 1);

  @Override
  public PoseResult estimate(PoseProblem problem, PoseOptions options) {
    List<Correspondence> matches = problem.matches().distinct();
    if (matches.size() <= SAMPLE_SIZE) {
      return notFound(PoseResult.Reason.TOO_FEW_MATCHES, matches);
    }
    List<Point3> inA = new ArrayList<>();
    List<Point3> inB = new ArrayList<>();
    problem.points().ifPresent(points -> collect(points, matches, inA, inB));
    if (inA.size() <= SAMPLE_SIZE) {
      return notFound(PoseResult.Reason.NO_DEPTH, matches);
    }
    boolean metric = problem.points().get().metric();
    Fit fit = metric ? new Fit(inA, inB, true) : new Fit(relative(inA), relative(inB), false);
    RansacOptions ransac =
        new RansacOptions(
            options.thresholdFor(PoseMethod.PROCRUSTES),
            options.maxIterations(),
            options.confidence(),
            options.seed());
    Optional<LoRansac.Consensus<Similarity3>> found = new LoRansac<>(fit, ransac).search();
    if (found.isEmpty()) {
      return notFound(PoseResult.Reason.DEGENERATE, matches);
    }
    int inliers = found.get().inliers().size();
    if (!SIGNIFICANCE.isMeaningful(fit.size(), inliers, fit.chance(ransac.maxError()))) {
      return notFound(PoseResult.Reason.TOO_FEW_INLIERS, matches);
    }
    Similarity3 bFromA = found.get().model();
    return PoseResult.ofMotion(
        PoseMethod.PROCRUSTES,
        new Rigid3(bFromA.rotation(), bFromA.translation()),
        metric,
        matches.size(),
        inliers);
  }

  private static void collect(
      PointEvidence points, List<Correspondence> matches, List<Point3> inA, List<Point3> inB) {
    if (points.b().isEmpty()) {
      return;
    }
    for (Correspondence match : matches) {
      Optional<Point3> a = points.a().at(match.xA(), match.yA());
      Optional<Point3> b = points.b().get().at(match.xB(), match.yB());
      if (a.isPresent() && b.isPresent()) {
        inA.add(a.get());
        inB.add(b.get());
      }
    }
  }

  private static List<Point3> relative(List<Point3> points) {
    double[] depths = points.stream().mapToDouble(Point3::z).sorted().toArray();
    double median = depths[depths.length / 2];
    return points.stream().map(point -> point.times(1 / median)).toList();
  }

  private static PoseResult notFound(PoseResult.Reason reason, List<Correspondence> matches) {
    return new PoseResult.NotFound(PoseMethod.PROCRUSTES, reason, matches.size());
  }

  private record Fit(List<Point3> inA, List<Point3> inB, boolean rigid)
      implements Estimator<Similarity3> {

    @Override
    public int size() {
      return inA.size();
    }

    @Override
    public int sampleSize() {
      return SAMPLE_SIZE;
    }

    @Override
    public Optional<Similarity3> fit(List<Integer> data) {
      List<Point3> a = data.stream().map(inA::get).toList();
      List<Point3> b = data.stream().map(inB::get).toList();
      return rigid ? Similarity3.fitRigid(a, b) : Similarity3.fit(a, b);
    }

    /** The share of the box around B's points that lies within an error of one place. */
    double chance(double maxError) {
      double volume =
          extent(Point3::x, maxError) * extent(Point3::y, maxError) * extent(Point3::z, maxError);
      return 4.0 / 3 * Math.PI * Math.pow(maxError, 3) / volume;
    }

    private double extent(ToDoubleFunction<Point3> coordinate, double least) {
      DoubleSummaryStatistics range = inB.stream().mapToDouble(coordinate).summaryStatistics();
      return Math.max(least, range.getMax() - range.getMin());
    }

    @Override
    public double error(Similarity3 bFromA, int datum) {
      return bFromA.apply(inA.get(datum)).distanceTo(inB.get(datum));
    }
  }
}
