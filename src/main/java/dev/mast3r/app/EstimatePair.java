package dev.mast3r.app;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.OpenCvLibrary;
import dev.mast3r.image.Photo;
import dev.mast3r.image.RgbImage;
import dev.mast3r.output.PoseReport;
import dev.mast3r.output.PoseReport.Camera;
import dev.mast3r.output.StageSeconds;
import dev.mast3r.pose.FocalFromPointmap;
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
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Estimates the relative pose of image pairs. */
public final class EstimatePair {

  /** COLMAP's guess of a focal length that nobody tells, in long sides of the image. */
  private static final double GUESSED_FOCAL_PER_LONG_SIDE = 1.2;

  private final PairMatcher matcher;
  private final RelativePoseEstimator estimator;
  private final PoseOptions options;

  /**
   * The focal lengths, in long sides of the image, that a pointmap is believed: 0.5 and 3.5 times
   * that of a 60 degree view, the bounds that sparse alignment has.
   */
  private static final double MIN_FOCAL_PER_LONG_SIDE = 0.5 / (2 * Math.tan(Math.toRadians(30)));

  private static final double MAX_FOCAL_PER_LONG_SIDE = 3.5 / (2 * Math.tan(Math.toRadians(30)));

  /**
   * @param environment tells where native libraries are kept
   */
  public EstimatePair(PairMatcher matcher, PoseOptions options, Environment environment) {
    OpenCvLibrary.load(environment.cache());
    this.matcher = matcher;
    this.estimator = OpenCvPoseEstimators.forMethod(options.method());
    this.options = options;
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
    GivenIntrinsics a = intrinsics(task.a(), pair.a(), pointmapA, fromNetworkA);
    GivenIntrinsics b = intrinsics(task.b(), pair.b(), pointmapB, fromNetworkB);
    Optional<PointEvidence> points =
        pointmapA.map(
            map ->
                new PointEvidence(
                    new ViewPoints(map, fromNetworkA.orElseThrow().inverse()),
                    pointmapB.map(
                        mapB -> new ViewPoints(mapB, fromNetworkB.orElseThrow().inverse())),
                    maps.orElseThrow().metric()));
    PoseResult result =
        estimator.estimate(
            new PoseProblem(pair.matches(), a.intrinsics(), b.intrinsics(), points), options);
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
            camera(a),
            camera(b),
            matcher.model(),
            seconds);
    return new PoseEstimate(report, pair, a.intrinsics(), b.intrinsics());
  }

  /** B's own points cost a second pass: only for its focal length, or to fit points to points. */
  private Points wanted(PoseTask task, Photo b) {
    boolean focalOfB = task.b().intrinsics().isEmpty() && b.exifFocalPx().isEmpty();
    boolean pointsToPoints = options.method().filter(PoseMethod.PROCRUSTES::equals).isPresent();
    return focalOfB || pointsToPoints ? Points.IN_BOTH : Points.IN_A;
  }

  private static GivenIntrinsics intrinsics(
      PoseTask.View view,
      Photo photo,
      Optional<Pointmap> inOwnFrame,
      Optional<PixelTransform> originalFromNetwork) {
    if (view.intrinsics().isPresent()) {
      return view.intrinsics().get();
    }
    RgbImage pixels = photo.pixels();
    if (photo.exifFocalPx().isPresent()) {
      return new GivenIntrinsics(
          Intrinsics.centred(photo.exifFocalPx().get(), pixels.width(), pixels.height()),
          GivenIntrinsics.Source.EXIF);
    }
    OptionalDouble networkFocal =
        inOwnFrame.map(FocalFromPointmap::focalPx).orElse(OptionalDouble.empty());
    if (networkFocal.isPresent() && isCredible(networkFocal.getAsDouble(), inOwnFrame.get())) {
      Pointmap map = inOwnFrame.get();
      Intrinsics inNetwork =
          Intrinsics.centred(networkFocal.getAsDouble(), map.width(), map.height());
      return new GivenIntrinsics(
          originalFromNetwork.orElseThrow().apply(inNetwork), GivenIntrinsics.Source.POINTMAP);
    }
    double guess = GUESSED_FOCAL_PER_LONG_SIDE * Math.max(pixels.width(), pixels.height());
    return new GivenIntrinsics(
        Intrinsics.centred(guess, pixels.width(), pixels.height()), GivenIntrinsics.Source.GUESS);
  }

  private static boolean isCredible(double focalPx, Pointmap map) {
    double perLongSide = focalPx / Math.max(map.width(), map.height());
    return perLongSide >= MIN_FOCAL_PER_LONG_SIDE && perLongSide <= MAX_FOCAL_PER_LONG_SIDE;
  }

  private static Camera camera(GivenIntrinsics given) {
    Intrinsics k = given.intrinsics();
    return new Camera(Math.sqrt(k.fx() * k.fy()), given.source().text());
  }
}
