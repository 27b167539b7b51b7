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
 * Measures each stage of matching a pair and estimating its pose: first all passes of the network,
 * then all of what is done with its maps, so that the compiler, which is busy with the matcher for
 * some passes, takes no core away from the network. A GPU works on while the program goes ahead, so
 * that there the wait for all of the network is counted at its end: at heads.
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
  private record View(ResizePlan plan, RgbImage resized, Intrinsics intrinsics) {

    NetworkFrame frame() {
      return new NetworkFrame(resized.width(), resized.height(), plan.originalFromNetwork());
    }
  }

  private record Views(View a, View b) {}

  /** Seconds of each stage, those of the passes that warm up left out. */
  private static final class Laps {

    private final Map<Stage, List<Double>> seconds = new EnumMap<>(Stage.class);
    private final Stopwatch watch = new Stopwatch();
    private boolean warm;

    /** Begins a pass, the first of which is 0. */
    void begin(int pass) {
      warm = pass >= WARM_UPS;
      watch.lap();
    }

    void end(Stage stage) {
      double lap = watch.lap();
      if (warm) {
        seconds.computeIfAbsent(stage, key -> new ArrayList<>()).add(lap);
      }
    }
  }

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
      Laps laps = new Laps();
      Views views = readAndResize(loaded, a, b, laps);
      try (NativeMaps maps = runNetwork(loaded, a, b, runs, laps)) {
        for (int pass = 0; pass < WARM_UPS + runs; pass++) {
          laps.begin(pass);
          matchAndEstimate(loaded, maps, views, laps);
        }
      }
      double gemm = Math.max(before, GemmSpeed.measure(engine));
      return new BenchmarkReport(
          loaded.model().name(),
          network.device().toString(),
          network.precision().key(),
          network.products().key(),
          options.threads(),
          size(views.a()),
          size(views.b()),
          loadSeconds,
          stages(loaded, views, laps.seconds),
          gemm,
          PeakMemory.bytes());
    }
  }

  /** Returns the maps of the last pass. */
  private static NativeMaps runNetwork(
      LoadedNetwork loaded, Path pathA, Path pathB, int runs, Laps laps) {
    for (int pass = 0; pass < WARM_UPS + runs - 1; pass++) {
      laps.begin(pass);
      runNetwork(loaded, readAndResize(loaded, pathA, pathB, laps), laps).close();
    }
    laps.begin(WARM_UPS + runs - 1);
    return runNetwork(loaded, readAndResize(loaded, pathA, pathB, laps), laps);
  }

  private static Views readAndResize(LoadedNetwork loaded, Path pathA, Path pathB, Laps laps) {
    Photo a = PhotoFile.of(pathA).read();
    Photo b = PhotoFile.of(pathB).read();
    laps.end(Stage.DECODE);
    Views views = new Views(resize(a, loaded), resize(b, loaded));
    laps.end(Stage.RESIZE);
    return views;
  }

  private static NativeMaps runNetwork(LoadedNetwork loaded, Views views, Laps laps) {
    PairNetwork network = loaded.network();
    List<EncodedImage> encoded = network.encode(List.of(views.a().resized(), views.b().resized()));
    try (EncodedImage a = encoded.get(0);
        EncodedImage b = encoded.get(1)) {
      laps.end(Stage.ENCODE);
      Wanted wanted = new Wanted(true, network.config().hasDescriptors());
      try (DecodedPair pair = network.runDecoders(a, b, wanted)) {
        laps.end(Stage.DECODERS);
        NativeMaps maps = network.runHeads(pair);
        maps.await();
        laps.end(Stage.HEADS);
        return maps;
      }
    }
  }

  private void matchAndEstimate(LoadedNetwork loaded, NativeMaps answer, Views views, Laps laps) {
    PairNetwork network = loaded.network();
    boolean descriptors = network.config().hasDescriptors();
    boolean inEngine =
        descriptors
            && settings.kernel().isEngine(network.device().kind() == DeviceChoice.Kind.CUDA);
    DenseMatching matching = settings.toMatching(options.threads());
    MatchOptions wanted = settings.toOptions(loaded.model().manifest(), descriptors);
    NetworkFrame frameA = views.a().frame();
    NetworkFrame frameB = views.b().frame();
    MatchSet matches;
    PairMaps maps;
    if (inEngine) {
      matches = matchInEngine(network, answer, matching, frameA, frameB, wanted);
      laps.end(Stage.MATCH);
      maps = answer.toPairMaps(0, EnumSet.of(NetworkMap.POINTS_A));
      laps.end(Stage.TRANSFER);
    } else {
      maps = answer.toPairMaps();
      laps.end(Stage.TRANSFER);
      matches =
          matching.match(
              maps.a(),
              maps.b(),
              frameA.originalFromNetwork(),
              frameB.originalFromNetwork(),
              wanted);
      laps.end(Stage.MATCH);
    }
    ViewPoints points =
        new ViewPoints(maps.a().points().orElseThrow(), frameA.originalFromNetwork().inverse());
    RelativePoseEstimator estimator = OpenCvPoseEstimators.forMethod(Optional.empty());
    estimator.estimate(
        new PoseProblem(
            matches,
            views.a().intrinsics(),
            views.b().intrinsics(),
            Optional.of(new PointEvidence(points, Optional.empty(), loaded.model().metric()))),
        PoseOptions.defaults());
    laps.end(Stage.POSE);
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

  private static View resize(Photo photo, LoadedNetwork loaded) {
    RgbImage pixels = photo.pixels();
    ResizePlan plan = ResizePlan.of(pixels.width(), pixels.height(), loaded.rule());
    return new View(plan, loaded.network().resize(pixels, plan), intrinsics(pixels));
  }

  private static Intrinsics intrinsics(RgbImage photo) {
    int width = photo.width();
    int height = photo.height();
    return Intrinsics.centred(FOCAL_PER_LONG_SIDE * Math.max(width, height), width, height);
  }

  private static List<BenchmarkReport.Stage> stages(
      LoadedNetwork loaded, Views views, Map<Stage, List<Double>> seconds) {
    Optional<NetworkFlops> flops = loaded.weights().map(NetworkFlops::of);
    RgbImage a = views.a().resized();
    RgbImage b = views.b().resized();
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
