package dev.mast3r.pose;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.FundamentalMatrix;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.WorkerTeam;
import dev.mast3r.pose.CalibrationRefinement.PixelPair;
import dev.mast3r.robust.Significance;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;

/**
 * The focal lengths under which a pair's matches fit one motion best, a prior of them being given:
 * the maximum a posteriori of pose and focal lengths.
 *
 * <p>Two views settle two focal lengths if the principal points are known (Hartley and Zisserman,
 * Multiple View Geometry, 2nd edition, section 19.3.5), but not if the optical axes meet, nor
 * before a plane, and badly near to either: there the prior decides. A focal length that is off by
 * a fifth turns a pose by some degrees, for which matches of a pixel would be good to a tenth.
 *
 * <p>For several focal lengths about the prior's the essential matrix is sought, each is refined
 * together with the focal lengths, and the likeliest counts.
 */
public final class FocalFromMatches {

  /** Focal lengths to start from, in the prior's. */
  private static final double[] STARTS = {0.6, 0.8, 1, 1.25, 1.6};

  /** A wrong focal length bends epipolar lines: at a start they are sought in a wider band. */
  private static final double WIDER = 2;

  /** Standard deviations of the first steps of a descent, in thresholds. */
  private static final double[] WIDE = {2, 1, 0.5};

  /** Seven matches fit some fundamental matrix, of which there are up to three. */
  private static final int SAMPLE_SIZE = 7;

  private static final Significance SIGNIFICANCE = new Significance(SAMPLE_SIZE, 3);

  private final EssentialSearch search;
  private final int threads;

  /**
   * @param search is used by several threads at a time
   * @param threads at least 1; they live as long as a call, and the result does not depend on them
   */
  public FocalFromMatches(EssentialSearch search, int threads) {
    this.search = search;
    this.threads = threads;
  }

  /** The cameras of a pair. */
  public record Cameras(Intrinsics a, Intrinsics b) {}

  /**
   * Returns the cameras with their likeliest focal lengths; empty if the matches agree no better
   * than by chance.
   *
   * @param matches in original pixels, each once
   * @param options threshold and noise of the essential matrix, iterations, confidence and seed are
   *     heeded
   */
  public Optional<Cameras> estimate(
      List<Correspondence> matches, FocalPrior a, FocalPrior b, PoseOptions options) {
    if (matches.size() <= SAMPLE_SIZE) {
      return Optional.empty();
    }
    double maxErrorPx = options.thresholdFor(PoseMethod.ESSENTIAL);
    List<PixelPair> pixels = matches.stream().map(match -> centred(match, a, b)).toList();
    Random seeds = new Random(options.seed());
    int iterations = Math.max(1, options.maxIterations() / STARTS.length);
    List<Attempt> attempts =
        DoubleStream.of(STARTS)
            .mapToObj(start -> new Attempt(start, options.forPart(iterations, seeds.nextInt())))
            .toList();
    List<Optional<Candidate>> found;
    try (WorkerTeam team = new WorkerTeam(threads)) {
      found = team.map(attempts, attempt -> candidate(attempt, pixels, a, b));
    }
    Optional<Candidate> best =
        found.stream().flatMap(Optional::stream).min(Comparator.comparing(Candidate::cost));
    double chance = MatchedArea.inB(matches).shareNearLine(maxErrorPx);
    return best.filter(
            likeliest -> SIGNIFICANCE.isMeaningful(matches.size(), likeliest.inliers(), chance))
        .map(Candidate::state)
        .map(
            state ->
                new Cameras(
                    a.withFocal(state.focalA()).intrinsics(),
                    b.withFocal(state.focalB()).intrinsics()));
  }

  /**
   * Where to start.
   *
   * @param start focal lengths, in the prior's
   * @param options of the search there
   */
  private record Attempt(double start, PoseOptions options) {}

  /** Returns what one attempt ends in. */
  private Optional<Candidate> candidate(
      Attempt attempt, List<PixelPair> pixels, FocalPrior a, FocalPrior b) {
    PoseOptions options = attempt.options();
    double maxErrorPx = options.thresholdFor(PoseMethod.ESSENTIAL);
    double focalA = a.times(attempt.start()).intrinsics().fx();
    double focalB = b.times(attempt.start()).intrinsics().fx();
    double focalPx = (focalA + focalB) / 2;
    List<RayPair> rays = rays(pixels, focalA, focalB);
    return search.find(rays, focalPx, WIDER * maxErrorPx, options).stream()
        .map(
            e ->
                MotionSupport.mostInFront(
                        e.decompose(), rays, WIDER * maxErrorPx / focalPx, options.noise())
                    .bFromA())
        .map(motion -> new CalibratedMotion(motion, focalA, focalB))
        .map(state -> refined(state, pixels, a, b, maxErrorPx, options.noise()))
        .min(Comparator.comparing(Candidate::cost));
  }

  /**
   * A state and what speaks for it.
   *
   * @param cost of all matches, those behind a camera as wrong, and of the prior
   * @param inliers matches in front of both cameras and within the threshold
   */
  private record Candidate(CalibratedMotion state, double cost, int inliers) {}

  private static Candidate refined(
      CalibratedMotion start,
      List<PixelPair> pixels,
      FocalPrior a,
      FocalPrior b,
      double maxErrorPx,
      double noise) {
    List<PixelPair> inFront = inFront(start, pixels);
    CalibratedMotion state = start;
    for (double wide : WIDE) {
      MixtureLoss loss = new MixtureLoss(Math.max(wide, noise) * maxErrorPx);
      state = new CalibrationRefinement(inFront, loss, a, b).descend(state);
    }
    MixtureLoss loss = new MixtureLoss(noise * maxErrorPx);
    state = new CalibrationRefinement(inFront, loss, a, b).descend(state);
    List<PixelPair> stillInFront = inFront(state, pixels);
    double cost = new CalibrationRefinement(stillInFront, loss, a, b).cost(state);
    FundamentalMatrix f =
        FundamentalMatrix.of(
            EssentialMatrix.ofMotion(state.bFromA()), state.focalA(), state.focalB());
    long inliers =
        stillInFront.stream()
            .filter(pair -> Math.abs(f.signedSampsonError(pair.a(), pair.b())) <= maxErrorPx)
            .count();
    int behind = pixels.size() - stillInFront.size();
    return new Candidate(state, cost + behind * loss.limit(), (int) inliers);
  }

  private static List<PixelPair> inFront(CalibratedMotion state, List<PixelPair> pixels) {
    return pixels.stream()
        .filter(
            pair ->
                ray(pair, state.focalA(), state.focalB()).triangulate(state.bFromA()).isInFront())
        .toList();
  }

  private static PixelPair centred(Correspondence match, FocalPrior a, FocalPrior b) {
    Point2 inA = a.centred(match.xA(), match.yA());
    Point2 inB = b.centred(match.xB(), match.yB());
    return new PixelPair(new Point3(inA.x(), inA.y(), 1), new Point3(inB.x(), inB.y(), 1));
  }

  private static List<RayPair> rays(List<PixelPair> pixels, double focalA, double focalB) {
    return pixels.stream().map(pair -> ray(pair, focalA, focalB)).toList();
  }

  private static RayPair ray(PixelPair pair, double focalA, double focalB) {
    return new RayPair(
        new Point3(pair.a().x() / focalA, pair.a().y() / focalA, 1),
        new Point3(pair.b().x() / focalB, pair.b().y() / focalB, 1));
  }
}
