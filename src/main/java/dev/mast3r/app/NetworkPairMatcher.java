package dev.mast3r.app;

import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.Photo;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.DenseMatching;
import dev.mast3r.match.MatchOptions;
import dev.mast3r.match.MatchSet;
import dev.mast3r.match.NetworkFrame;
import dev.mast3r.match.ScoredMatches;
import dev.mast3r.output.RawMaps;
import dev.mast3r.refine.PhotoRefinement;
import dev.mast3r.store.ModelManifest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Matches by the network's descriptors, or by its points if it has none, and brings its pointmaps
 * along. Owns the network.
 */
final class NetworkPairMatcher implements PairMatcher {

  /** Pairs that keep a GPU busy; where its memory does not do for them, they are halved. */
  private static final int ON_A_GPU = 8;

  private final PairPredictor predictor;
  private final DenseMatching matching;
  private final MatchOptions options;
  private final PhotoMasks masks;
  private final Optional<EngineMatching> inEngine;
  private final Optional<FineMatcher> fine;
  private final Optional<PhotoRefinement> refinement;

  /**
   * @param masks what takes part of every pair
   * @param inEngine how the engine matches whole photos, where it does
   * @param fine goes on where the matches of the whole photos end, if asked for
   * @param refinement moves them to where the photos agree, if asked for
   */
  NetworkPairMatcher(
      PairPredictor predictor,
      DenseMatching matching,
      MatchOptions options,
      PhotoMasks masks,
      Optional<EngineMatching> inEngine,
      Optional<FineMatcher> fine,
      Optional<PhotoRefinement> refinement) {
    this.predictor = predictor;
    this.matching = matching;
    this.options = options;
    this.masks = masks;
    this.inEngine = inEngine;
    this.fine = fine;
    this.refinement = refinement;
  }

  /** On a CPU no batch is faster than single pairs. */
  @Override
  public int pairsAtOnce(OptionalInt batch) {
    return batch.orElse(predictor.isOnGpu() ? ON_A_GPU : 1);
  }

  @Override
  public MatchedPair match(PhotoFile a, PhotoFile b, BiFunction<Photo, Photo, Points> points) {
    PredictedPair predicted =
        predictor.predict(a, b, orToMatch(points), predictor.hasDescriptors(), inEngine);
    masks.checkFit(predicted.a(), predicted.b());
    return fine.flatMap(matcher -> matcher.match(predicted))
        .orElseGet(() -> coarse(predicted))
        .turnedBack(a.turns(), b.turns());
  }

  @Override
  public void expect(List<ExpectedPair> pairs) {
    predictor.expect(
        pairs.stream()
            .map(pair -> new ExpectedPair(pair.a(), pair.b(), orToMatch(pair.points())))
            .toList());
  }

  /** Without descriptors, points are what is matched. */
  private BiFunction<Photo, Photo, Points> orToMatch(BiFunction<Photo, Photo, Points> points) {
    return (photoA, photoB) -> {
      Points wanted = points.apply(photoA, photoB);
      return wanted == Points.NONE && !predictor.hasDescriptors() ? Points.IN_A : wanted;
    };
  }

  private MatchedPair coarse(PredictedPair predicted) {
    RawMaps raw = predicted.maps().raw();
    Stopwatch watch = new Stopwatch();
    MatchSet matches =
        predicted
            .matches()
            .map(found -> select(found, raw))
            .orElseGet(
                () ->
                    matching.match(
                        masks.viewOfA(raw.maps().a(), raw.originalFromNetworkA()),
                        masks.viewOfB(raw.maps().b(), raw.originalFromNetworkB()),
                        options));
    return new MatchedPair(
        predicted.a(),
        predicted.b(),
        refinement.map(moving -> refined(matches, predicted, moving)).orElse(matches),
        Optional.of(predicted.maps()),
        predicted.seconds().plus(0, 0, watch.lap()));
  }

  /** Moves matches, but none to where a mask has no pixel. */
  private MatchSet refined(MatchSet matches, PredictedPair predicted, PhotoRefinement refinement) {
    RawMaps raw = predicted.maps().raw();
    List<Correspondence> before = matches.correspondences();
    List<Correspondence> after =
        refinement
            .refine(
                matches,
                predicted.a().pixels(),
                predicted.b().pixels(),
                raw.originalFromNetworkA(),
                raw.originalFromNetworkB())
            .correspondences();
    return new MatchSet(
        IntStream.range(0, before.size())
            .mapToObj(i -> masks.allow(after.get(i)) ? after.get(i) : before.get(i))
            .toList());
  }

  private MatchSet select(ScoredMatches found, RawMaps raw) {
    return matching.select(
        found,
        frame(raw.imageA(), raw.originalFromNetworkA()),
        frame(raw.imageB(), raw.originalFromNetworkB()),
        raw.maps().a().descriptors(),
        raw.maps().b().descriptors(),
        options);
  }

  private static NetworkFrame frame(RgbImage image, PixelTransform originalFromNetwork) {
    return new NetworkFrame(image.width(), image.height(), originalFromNetwork);
  }

  @Override
  public String model() {
    return predictor.model().name();
  }

  @Override
  public boolean refinesMatches() {
    return refinement.isPresent();
  }

  @Override
  public Optional<String> modelSha256() {
    return predictor.model().manifest().map(ModelManifest::sha256);
  }

  @Override
  public void close() {
    predictor.close();
  }
}
