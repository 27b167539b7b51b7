package dev.mast3r.app;

import dev.mast3r.image.Photo;
import dev.mast3r.match.DenseMatching;
import dev.mast3r.match.MatchOptions;
import dev.mast3r.match.MatchSet;
import dev.mast3r.output.RawMaps;
import dev.mast3r.output.StageSeconds;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Matches by the network's descriptors, or by its points if it has none, and brings its pointmaps
 * along. Owns the network.
 */
final class NetworkPairMatcher implements PairMatcher {

  private final PairPredictor predictor;
  private final DenseMatching matching;
  private final MatchOptions options;

  NetworkPairMatcher(PairPredictor predictor, DenseMatching matching, MatchOptions options) {
    this.predictor = predictor;
    this.matching = matching;
    this.options = options;
  }

  @Override
  public MatchedPair match(Path a, Path b, BiFunction<Photo, Photo, Points> points) {
    boolean descriptors = predictor.hasDescriptors();
    PredictedPair predicted =
        predictor.predict(
            a,
            b,
            (photoA, photoB) -> {
              Points wanted = points.apply(photoA, photoB);
              return wanted == Points.NONE && !descriptors ? Points.IN_A : wanted;
            },
            descriptors);
    RawMaps raw = predicted.maps().raw();
    Stopwatch watch = new Stopwatch();
    MatchSet matches =
        matching.match(
            raw.maps().a(),
            raw.maps().b(),
            raw.originalFromNetworkA(),
            raw.originalFromNetworkB(),
            options);
    StageSeconds before = predicted.seconds();
    StageSeconds seconds =
        new StageSeconds(
            before.load(),
            before.decode(),
            before.encode(),
            before.decodeNetwork(),
            watch.lap(),
            0);
    return new MatchedPair(
        predicted.a(), predicted.b(), matches, Optional.of(predicted.maps()), seconds);
  }

  @Override
  public String model() {
    return predictor.model().name();
  }

  @Override
  public void close() {
    predictor.close();
  }
}
