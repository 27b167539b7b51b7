package dev.mast3r.app;

import dev.mast3r.dense.PairMaps;
import dev.mast3r.error.InputException;
import dev.mast3r.error.UsageException;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.image.OpenCvLibrary;
import dev.mast3r.image.Photo;
import dev.mast3r.image.ResizePlan;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.DenseMatching;
import dev.mast3r.match.MatchOptions;
import dev.mast3r.match.MatchSet;
import dev.mast3r.match.NetworkFrame;
import dev.mast3r.match.PixelMask;
import dev.mast3r.match.ScoredMatches;
import dev.mast3r.model.DecodedPair;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.EncodedImage;
import dev.mast3r.model.EngineOptions;
import dev.mast3r.model.GemmSpeed;
import dev.mast3r.model.MatchRequest;
import dev.mast3r.model.NativeMaps;
import dev.mast3r.model.NetworkMap;
import dev.mast3r.model.PairNetwork;
import dev.mast3r.model.Wanted;
import dev.mast3r.output.BenchmarkReport;
import dev.mast3r.pose.PointEvidence;
import dev.mast3r.pose.PoseOptions;
import dev.mast3r.pose.PoseProblem;
import dev.mast3r.pose.RelativePoseEstimator;
import dev.mast3r.pose.ViewPoints;
import dev.mast3r.pose.opencv.OpenCvPoseEstimators;
import dev.mast3r.weights.NetworkFlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Measures each stage of matching a pair and estimating its pose. A GPU works on while the program
 * goes ahead, so that there the wait is counted where values are copied: at transfer.
 */
public final class Benchmark {

  /** The first two passes of an image size allocate and compile. */
  private static final int WARM_UPS = 2;

  /** Where the intrinsics do not matter: the focal length in long sides. */
  private static final double FOCAL_PER_LONG_SIDE = 1.2;

  private enum Stage {
    DECODE,
    RESIZE,
    ENCODE,
    DECODERS,
    HEADS,
    TRANSFER,
    MATCH,
    POSE
  }

  /** An image as the network sees it. */
  private record View(ResizePlan plan, RgbImage resized) {}

  private final Environment environment;
  private final NetworkOptions options;
  private final MatchSettings settings;

  /**
   * @throws UsageException if the options ask for a matcher without a network, or for finer matches
   *     than those of the network's maps
   */
  public Benchmark(Environment environment, NetworkOptions options, MatchSettings settings) {
    if (options.matcher() != Matcher.MAST3R) {
      throw new UsageException("option '--matcher': what is measured is the network");
    }
    if (settings.fine() != Fine.OFF) {
      throw new UsageException("option '--fine': what is measured is a pair without it");
    }
    this.environment = environment;
    this.options = options;
    this.settings = settings;
  }

  /**
   * Measures a pair that is made up.
   *
   * @param runs after those that warm up, at least 1
   * @param notice is told which model was taken
   */
  public BenchmarkReport run(int runs, Consumer<String> notice) {
    try {
      Path folder = Files.createTempDirectory("mast3r-bench");
      Path a = folder.resolve("a.png");
      Path b = folder.resolve("b.png");
      try {
        SyntheticPair.write(a, b);
        return run(a, b, runs, notice);
      } finally {
        Files.deleteIfExists(a);
        Files.deleteIfExists(b);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new InputException("no temporary folder can be used: " + e, e);
    }
  }

  /**
   * Measures a pair of photos.
   *
   * @param runs after those that warm up, at least 1
   * @param notice is told which model was taken
   * @throws InputException if a photo cannot be read
   */
  public BenchmarkReport run(Path a, Path b, int runs, Consumer<String> notice) {
    OpenCvLibrary.load(environment.cache());
    Stopwatch watch = new Stopwatch();
    LoadedNetwork loaded = LoadedNetwork.open(options, environment, notice);
    double loadSeconds = watch.lap();
    try (PairNetwork network = loaded.network()) {
      EngineOptions engine =
          new EngineOptions(network.device(), network.precision(), options.threads());
      double before = GemmSpeed.measure(engine);
      Map<Stage, List<Double>> seconds = new EnumMap<>(Stage.class);
      List<View> views = List.of();
      for (int run = 0; run < WARM_UPS + runs; run++) {
        if (run == WARM_UPS) {
          seconds.clear();
        }
        views = once(loaded, a, b, seconds);
      }
      double gemm = Math.max(before, GemmSpeed.measure(engine));
      return new BenchmarkReport(
          loaded.model().name(),
          network.device().toString(),
          network.precision().key(),
          network.products().key(),
          options.threads(),
          size(views.get(0)),
          size(views.get(1)),
          loadSeconds,
          stages(loaded, views, seconds),
          gemm,
          PeakMemory.bytes());
    }
  }

  private List<View> once(
      LoadedNetwork loaded, Path pathA, Path pathB, Map<Stage, List<Double>> seconds) {
    PairNetwork network = loaded.network();
    boolean descriptors = network.config().hasDescriptors();
    Stopwatch watch = new Stopwatch();
    Photo photoA = PhotoFile.of(pathA).read();
    Photo photoB = PhotoFile.of(pathB).read();
    add(seconds, Stage.DECODE, watch);
    View a = resize(photoA, loaded);
    View b = resize(photoB, loaded);
    add(seconds, Stage.RESIZE, watch);
    boolean inEngine =
        descriptors
            && settings.kernel().isEngine(network.device().kind() == DeviceChoice.Kind.CUDA);
    DenseMatching matching = settings.toMatching(options.threads());
    MatchOptions wanted = settings.toOptions(loaded.model().manifest(), descriptors);
    NetworkFrame frameA = frame(a);
    NetworkFrame frameB = frame(b);
    MatchSet matches;
    PairMaps maps;
    List<EncodedImage> encoded = network.encode(List.of(a.resized(), b.resized()));
    try (EncodedImage encodedA = encoded.get(0);
        EncodedImage encodedB = encoded.get(1)) {
      add(seconds, Stage.ENCODE, watch);
      try (DecodedPair pair =
          network.runDecoders(encodedA, encodedB, new Wanted(true, descriptors))) {
        add(seconds, Stage.DECODERS, watch);
        try (NativeMaps answer = network.runHeads(pair)) {
          add(seconds, Stage.HEADS, watch);
          if (inEngine) {
            matches = matchInEngine(network, answer, matching, frameA, frameB, wanted);
            add(seconds, Stage.MATCH, watch);
            maps = answer.toPairMaps(0, EnumSet.of(NetworkMap.POINTS_A));
            add(seconds, Stage.TRANSFER, watch);
          } else {
            maps = answer.toPairMaps();
            add(seconds, Stage.TRANSFER, watch);
            matches =
                matching.match(
                    maps.a(),
                    maps.b(),
                    frameA.originalFromNetwork(),
                    frameB.originalFromNetwork(),
                    wanted);
            add(seconds, Stage.MATCH, watch);
          }
        }
      }
    }
    ViewPoints points =
        new ViewPoints(maps.a().points().orElseThrow(), frameA.originalFromNetwork().inverse());
    RelativePoseEstimator estimator = OpenCvPoseEstimators.forMethod(Optional.empty());
    estimator.estimate(
        new PoseProblem(
            matches,
            intrinsics(photoA),
            intrinsics(photoB),
            Optional.of(new PointEvidence(points, Optional.empty(), loaded.model().metric()))),
        PoseOptions.defaults());
    add(seconds, Stage.POSE, watch);
    return List.of(a, b);
  }

  private MatchSet matchInEngine(
      PairNetwork network,
      NativeMaps maps,
      DenseMatching matching,
      NetworkFrame a,
      NetworkFrame b,
      MatchOptions wanted) {
    MatchRequest request =
        new MatchRequest(
            settings.subsample(),
            settings.seedImages(),
            PixelMask.all(a.width(), a.height()),
            PixelMask.all(b.width(), b.height()));
    ScoredMatches found = network.match(maps, 0, request);
    return matching.select(found, a, b, Optional.empty(), Optional.empty(), wanted);
  }

  private static NetworkFrame frame(View view) {
    return new NetworkFrame(
        view.resized().width(), view.resized().height(), view.plan().originalFromNetwork());
  }

  private static View resize(Photo photo, LoadedNetwork loaded) {
    RgbImage pixels = photo.pixels();
    ResizePlan plan = ResizePlan.of(pixels.width(), pixels.height(), loaded.rule());
    return new View(plan, loaded.network().resize(pixels, plan));
  }

  private static Intrinsics intrinsics(Photo photo) {
    int width = photo.pixels().width();
    int height = photo.pixels().height();
    return Intrinsics.centred(FOCAL_PER_LONG_SIDE * Math.max(width, height), width, height);
  }

  private static void add(Map<Stage, List<Double>> seconds, Stage stage, Stopwatch watch) {
    seconds.computeIfAbsent(stage, key -> new ArrayList<>()).add(watch.lap());
  }

  private static List<BenchmarkReport.Stage> stages(
      LoadedNetwork loaded, List<View> views, Map<Stage, List<Double>> seconds) {
    Optional<NetworkFlops> flops = loaded.weights().map(NetworkFlops::of);
    RgbImage a = views.get(0).resized();
    RgbImage b = views.get(1).resized();
    List<BenchmarkReport.Stage> stages = new ArrayList<>();
    seconds.forEach(
        (stage, times) -> {
          OptionalLong operations =
              flops.map(count -> operations(count, stage, a, b)).orElse(OptionalLong.empty());
          stages.add(
              new BenchmarkReport.Stage(stage.name().toLowerCase(Locale.ROOT), times, operations));
        });
    return stages;
  }

  private static OptionalLong operations(NetworkFlops flops, Stage stage, RgbImage a, RgbImage b) {
    return switch (stage) {
      case ENCODE ->
          OptionalLong.of(
              flops.encoder(a.width(), a.height()) + flops.encoder(b.width(), b.height()));
      case DECODERS ->
          OptionalLong.of(flops.decoders(a.width(), a.height(), b.width(), b.height()));
      case HEADS -> OptionalLong.of(flops.heads(a.width(), a.height(), b.width(), b.height()));
      case DECODE, RESIZE, TRANSFER, MATCH, POSE -> OptionalLong.empty();
    };
  }

  private static String size(View view) {
    return view.resized().width() + "x" + view.resized().height();
  }
}
