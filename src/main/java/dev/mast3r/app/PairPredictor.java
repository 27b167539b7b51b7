package dev.mast3r.app;

import dev.mast3r.dense.PairMaps;
import dev.mast3r.dense.Pointmap;
import dev.mast3r.error.InputException;
import dev.mast3r.error.Mast3rException;
import dev.mast3r.image.OpenCvLibrary;
import dev.mast3r.image.Photo;
import dev.mast3r.image.ResizePlan;
import dev.mast3r.image.ResizeRule;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.ReciprocalMatcher;
import dev.mast3r.match.ScoredMatches;
import dev.mast3r.match.SeedImages;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.EncodedImage;
import dev.mast3r.model.HalvedBatch;
import dev.mast3r.model.MatchRequest;
import dev.mast3r.model.NativeMaps;
import dev.mast3r.model.NetworkMap;
import dev.mast3r.model.PairNetwork;
import dev.mast3r.model.Wanted;
import dev.mast3r.output.RawMaps;
import dev.mast3r.output.StageSeconds;
import dev.mast3r.store.SelectedModel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Image files to the network's maps. An image that stands in several pairs is read and encoded once
 * while the cache has room. Owns the network; for one thread at a time.
 */
final class PairPredictor implements AutoCloseable {

  private final PairNetwork network;
  private final SelectedModel model;
  private final ResizeRule rule;
  private final ImageCache<PhotoFile, NetworkImage> images;
  private final Map<Asked, Answer> answers = new HashMap<>();
  private final HalvedBatch<Asked, Answer> batches = new HalvedBatch<>(this::answerTogether);
  private List<ExpectedPair> expected = List.of();
  private double loadSeconds;
  private double decodeSeconds;
  private double encodeSeconds;

  /** What the network is asked of a pair. */
  private record Asked(
      PhotoFile a,
      PhotoFile b,
      Points points,
      boolean descriptors,
      Optional<EngineMatching> matching) {

    /** Returns the maps that somebody looks at in Java. */
    Set<NetworkMap> keptMaps() {
      if (matching.isEmpty()) {
        return NetworkMap.all();
      }
      Set<NetworkMap> kept = EnumSet.noneOf(NetworkMap.class);
      if (points != Points.NONE) {
        kept.add(NetworkMap.POINTS_A);
      }
      if (matching.get().descriptors()) {
        kept.add(NetworkMap.DESCRIPTORS_A);
        kept.add(NetworkMap.DESCRIPTORS_B);
      }
      return kept;
    }
  }

  /** What it answers, and the pair's part of the time. */
  private record Answer(
      PairMaps maps,
      Optional<ScoredMatches> matches,
      Optional<Pointmap> pointmapBInB,
      double networkSeconds,
      double matchSeconds) {

    Answer with(Optional<Pointmap> inB, double moreNetworkSeconds) {
      return new Answer(maps, matches, inB, networkSeconds + moreNetworkSeconds, matchSeconds);
    }
  }

  private PairPredictor(
      PairNetwork network,
      SelectedModel model,
      ResizeRule rule,
      long cacheBytes,
      double loadSeconds) {
    this.network = network;
    this.model = model;
    this.rule = rule;
    this.loadSeconds = loadSeconds;
    this.images =
        new ImageCache<>(
            cacheBytes, this::load, NetworkImage::byteCount, image -> image.encoded().close());
  }

  /**
   * Opens the network that the options ask for.
   *
   * @param notice is told which model was taken
   * @throws dev.mast3r.error.ModelException if the model is missing or damaged
   * @throws dev.mast3r.error.DeviceException if the engine or the device is not there
   */
  static PairPredictor open(
      NetworkOptions options, Environment environment, Consumer<String> notice) {
    Stopwatch watch = new Stopwatch();
    // it decodes WebP
    OpenCvLibrary.load(environment.cache());
    LoadedNetwork loaded = LoadedNetwork.open(options, environment, notice);
    return new PairPredictor(
        loaded.network(),
        loaded.model(),
        loaded.rule(),
        options.cacheMegabytes() * 1024L * 1024L,
        watch.lap());
  }

  /** An image on its way to the network. */
  private record Resized(Photo photo, ResizePlan plan, RgbImage pixels) {}

  private List<NetworkImage> load(List<PhotoFile> files) {
    Stopwatch watch = new Stopwatch();
    List<Resized> images = files.stream().map(this::resize).toList();
    decodeSeconds += watch.lap();
    List<EncodedImage> encoded = network.encode(images.stream().map(Resized::pixels).toList());
    encodeSeconds += watch.lap();
    return IntStream.range(0, files.size())
        .mapToObj(
            i -> {
              Resized image = images.get(i);
              return new NetworkImage(image.photo(), image.plan(), image.pixels(), encoded.get(i));
            })
        .toList();
  }

  private Resized resize(PhotoFile file) {
    Photo photo = file.read();
    ResizePlan plan = plan(file.path(), photo.pixels());
    return new Resized(photo, plan, network.resize(photo.pixels(), plan));
  }

  private ResizePlan plan(Path path, RgbImage pixels) {
    try {
      return ResizePlan.of(pixels.width(), pixels.height(), rule);
    } catch (InputException e) {
      throw new InputException(path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Tells which pairs will be asked for after the next one. Those whose images have the shapes of
   * the next one's, and of which the same is wanted, go through the decoders and heads in one call
   * with it; reading and encoding their images then counts as the next one's time. Answers differ
   * from those of single calls by rounding.
   */
  void expect(List<ExpectedPair> pairs) {
    expected = List.copyOf(pairs);
  }

  /**
   * Runs the network on the ordered pair (A, B).
   *
   * @param points which pointmaps are wanted, by what the two photos tell of themselves
   * @param descriptors whether descriptors are wanted
   * @param matching how the engine is to match them, if it is; then they and the confidences stay
   *     there, and of the pointmaps in A's frame only A's comes along
   * @throws InputException if an image cannot be read
   */
  PredictedPair predict(
      PhotoFile a,
      PhotoFile b,
      BiFunction<Photo, Photo, Points> points,
      boolean descriptors,
      Optional<EngineMatching> matching) {
    decodeSeconds = 0;
    encodeSeconds = 0;
    List<NetworkImage> pair = images.get(List.of(a, b));
    NetworkImage imageA = pair.get(0);
    NetworkImage imageB = pair.get(1);
    Points wanted = points.apply(imageA.photo(), imageB.photo());
    Answer answer = answer(new Asked(a, b, wanted, descriptors, matching));
    StageSeconds seconds =
        new StageSeconds(
            loadSeconds,
            decodeSeconds,
            encodeSeconds,
            answer.networkSeconds(),
            answer.matchSeconds(),
            0);
    loadSeconds = 0;
    images.trim();
    RawMaps raw =
        new RawMaps(
            answer.maps(),
            imageA.resized(),
            imageB.resized(),
            imageA.plan().originalFromNetwork(),
            imageB.plan().originalFromNetwork());
    return new PredictedPair(
        imageA.photo(),
        imageB.photo(),
        new NetworkMaps(raw, answer.pointmapBInB(), model.metric()),
        answer.matches(),
        seconds);
  }

  private Answer answer(Asked asked) {
    Answer ready = answers.remove(asked);
    if (ready != null) {
      return ready;
    }
    // answers of pairs that were expected, and then never asked for
    answers.clear();
    List<Asked> together = alike(asked);
    expected = List.of();
    List<Answer> found = batches.run(together);
    for (int i = 0; i < found.size(); i++) {
      answers.put(together.get(i), found.get(i));
    }
    return answers.remove(asked);
  }

  /** Runs the network on pairs of equal shapes of which the same is wanted, in one call. */
  private List<Answer> answerTogether(List<Asked> pairs) {
    Asked first = pairs.get(0);
    List<EncodedImage> a = pairs.stream().map(pair -> images.get(pair.a()).encoded()).toList();
    List<EncodedImage> b = pairs.stream().map(pair -> images.get(pair.b()).encoded()).toList();
    Wanted wanted = new Wanted(first.points() != Points.NONE, first.descriptors());
    List<Answer> answers;
    Stopwatch watch = new Stopwatch();
    try (NativeMaps maps = network.run(a, b, wanted)) {
      double seconds = watch.lap() / pairs.size();
      answers =
          IntStream.range(0, pairs.size()).mapToObj(i -> answer(pairs, i, maps, seconds)).toList();
    }
    if (first.points() != Points.IN_BOTH) {
      return answers;
    }
    watch.lap();
    try (NativeMaps maps = network.run(b, a, Wanted.POINTS)) {
      List<Optional<Pointmap>> inB =
          IntStream.range(0, pairs.size())
              .mapToObj(i -> maps.toPairMaps(i, EnumSet.of(NetworkMap.POINTS_A)).a().points())
              .toList();
      double seconds = watch.lap() / pairs.size();
      return IntStream.range(0, pairs.size())
          .mapToObj(i -> answers.get(i).with(inB.get(i), seconds))
          .toList();
    }
  }

  private Answer answer(List<Asked> pairs, int i, NativeMaps maps, double seconds) {
    Asked asked = pairs.get(i);
    Stopwatch watch = new Stopwatch();
    Optional<ScoredMatches> matches =
        asked
            .matching()
            .map(how -> how.request(images.get(asked.a()), images.get(asked.b())))
            .map(request -> network.match(maps, i, request));
    double matchSeconds = watch.lap();
    PairMaps kept = maps.toPairMaps(i, asked.keptMaps());
    return new Answer(kept, matches, Optional.empty(), seconds + watch.lap(), matchSeconds);
  }

  /** Returns the pair and those of the expected ones that can go through the network with it. */
  private List<Asked> alike(Asked asked) {
    Set<Asked> together = new LinkedHashSet<>(List.of(asked));
    for (ExpectedPair pair : expected) {
      try {
        List<NetworkImage> both = images.get(List.of(pair.a(), pair.b()));
        NetworkImage a = both.get(0);
        NetworkImage b = both.get(1);
        Points points = pair.points().apply(a.photo(), b.photo());
        if (points == asked.points()
            && sameShape(a, images.get(asked.a()))
            && sameShape(b, images.get(asked.b()))) {
          together.add(
              new Asked(pair.a(), pair.b(), points, asked.descriptors(), asked.matching()));
        }
      } catch (Mast3rException e) {
        // this pair alone fails, when it is asked for
      }
    }
    return List.copyOf(together);
  }

  private static boolean sameShape(NetworkImage one, NetworkImage other) {
    return one.encoded().width() == other.encoded().width()
        && one.encoded().height() == other.encoded().height();
  }

  /** Encodes parts of photos that have a size the network takes; the caller closes them. */
  List<EncodedImage> encode(List<RgbImage> windows) {
    return network.encode(windows);
  }

  /** Returns what two encoded parts of photos are matched by: descriptors, else points. */
  PairMaps describe(EncodedImage a, EncodedImage b) {
    return network.decode(a, b, hasDescriptors() ? Wanted.DESCRIPTORS : Wanted.POINTS);
  }

  /** Matches two encoded parts of photos in the engine. */
  ScoredMatches match(EncodedImage a, EncodedImage b, MatchRequest request) {
    try (NativeMaps maps = network.run(List.of(a), List.of(b), Wanted.DESCRIPTORS)) {
      return network.match(maps, 0, request);
    }
  }

  /** Returns a matcher in the engine for maps that are in Java; it ends with the network. */
  ReciprocalMatcher matcher(SeedImages seedImages) {
    return network.matcher(seedImages);
  }

  /** Returns whether the network runs on a GPU. */
  boolean isOnGpu() {
    return network.device().kind() == DeviceChoice.Kind.CUDA;
  }

  /** Returns the long side of the network's images. */
  int longSidePx() {
    return rule.size();
  }

  /** Returns what both sides of the network's images are multiples of. */
  int patchSizePx() {
    return rule.patchSize();
  }

  SelectedModel model() {
    return model;
  }

  /** Returns whether the model makes descriptors; else its points are matched. */
  boolean hasDescriptors() {
    return network.config().hasDescriptors();
  }

  @Override
  public void close() {
    images.close();
    network.close();
  }
}
