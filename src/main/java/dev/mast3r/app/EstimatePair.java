package dev.mast3r.app;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.OpenCvLibrary;
import dev.mast3r.image.Photo;
import dev.mast3r.output.PoseReport;
import dev.mast3r.output.PoseReport.Camera;
import dev.mast3r.output.StageSeconds;
import dev.mast3r.pose.FocalFromMatches;
import dev.mast3r.pose.PointEvidence;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.PoseOptions;
import dev.mast3r.pose.PoseProblem;
import dev.mast3r.pose.PoseResult;
import dev.mast3r.pose.RelativePoseEstimator;
import dev.mast3r.pose.ViewPoints;
import dev.mast3r.pose.opencv.OpenCvPoseEstimators;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Estimates the relative pose of image pairs. */
public final class EstimatePair {

  private final PairMatcher matcher;
  private final RelativePoseEstimator estimator;
  private final FocalFromMatches focals;
  private final PoseOptions options;

  /**
   * @param threads at least 1; poses do not depend on it
   * @param environment tells where native libraries are kept
   */
  public EstimatePair(
      PairMatcher matcher, PoseOptions options, int threads, Environment environment) {
    OpenCvLibrary.load(environment.cache());
    this.matcher = matcher;
    this.estimator = OpenCvPoseEstimators.forMethod(options.method());
    this.focals = OpenCvPoseEstimators.focalFromMatches(threads);
    this.options = matcher.refinesMatches() ? options.forRefinedMatches() : options;
  }

  /** Returns how many of the pairs to come it is of use to tell of. */
  int lookAhead(OptionalInt batch) {
    return matcher.lookAhead(batch);
  }

  /**
   * Tells which pairs will be asked for after the next one, so that they can be matched with it.
   */
  void expect(List<PoseTask> tasks) {
    matcher.expect(
        tasks.stream()
            .map(
                task ->
                    new ExpectedPair(task.a().photo(), task.b().photo(), (a, b) -> wanted(task, b)))
            .toList());
  }

  /**
   * Matches a pair and estimates {@code x_B = R x_A + t}. No pose is an answer, not an exception.
   *
   * @throws dev.mast3r.error.InputException if an image cannot be read
   */
  public PoseEstimate estimate(PoseTask task) {
    MatchedPair pair = matcher.match(task.a().photo(), task.b().photo(), (a, b) -> wanted(task, b));
    Stopwatch watch = new Stopwatch();
    Optional<NetworkMaps> maps = pair.maps();
    Optional<Pointmap> pointmapA = maps.flatMap(found -> found.raw().maps().a().points());
    Optional<Pointmap> pointmapB = maps.flatMap(NetworkMaps::pointmapBInB);
    Optional<PixelTransform> fromNetworkA = maps.map(found -> found.raw().originalFromNetworkA());
    Optional<PixelTransform> fromNetworkB = maps.map(found -> found.raw().originalFromNetworkB());
    Optional<PointEvidence> points =
        pointmapA.map(
            map ->
                new PointEvidence(
                    new ViewPoints(map, fromNetworkA.orElseThrow().inverse()),
                    pointmapB.map(
                        mapB -> new ViewPoints(mapB, fromNetworkB.orElseThrow().inverse())),
                    maps.orElseThrow().metric()));
    PairCameras cameras = cameras(task, pair);
    PoseResult result =
        estimator.estimate(
            new PoseProblem(
                pair.matches(), cameras.a().intrinsics(), cameras.b().intrinsics(), points),
            options);
    StageSeconds matched = pair.seconds();
    StageSeconds seconds =
        new StageSeconds(
            matched.load(),
            matched.decode(),
            matched.encode(),
            matched.decodeNetwork(),
            matched.match(),
            watch.lap());
    PoseReport report =
        PoseReport.of(
            task.a().name(),
            task.b().name(),
            result,
            camera(cameras.a()),
            camera(cameras.b()),
            matcher.model(),
            seconds);
    return new PoseEstimate(report, pair, cameras.a().intrinsics(), cameras.b().intrinsics());
  }

  /** Poses by points take the focal lengths of the pointmaps as they are: the points have them. */
  private PairCameras cameras(PoseTask task, MatchedPair pair) {
    PairCameras told = PairCameras.told(task, pair);
    boolean byPoints =
        options.method().filter(method -> method != PoseMethod.ESSENTIAL).isPresent();
    return byPoints ? told : told.byMatches(pair, focals, options);
  }

  /** B's own points cost a second pass: only for its focal length, or to fit points to points. */
  private Points wanted(PoseTask task, Photo b) {
    boolean focalOfB = task.b().intrinsics().isEmpty() && b.exifFocalPx().isEmpty();
    boolean pointsToPoints = options.method().filter(PoseMethod.PROCRUSTES::equals).isPresent();
    return focalOfB || pointsToPoints ? Points.IN_BOTH : Points.IN_A;
  }

  private static Camera camera(GivenIntrinsics given) {
    Intrinsics k = given.intrinsics();
    return new Camera(Math.sqrt(k.fx() * k.fy()), given.source().text());
  }
}
