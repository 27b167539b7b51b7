package dev.mast3r.app;

import dev.mast3r.error.UsageException;
import dev.mast3r.image.Photo;
import dev.mast3r.match.DenseMatching;
import dev.mast3r.match.MatchOptions;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.EngineInfo;
import dev.mast3r.refine.PhotoRefinement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Finds the correspondences of image pairs. For one thread at a time. */
public interface PairMatcher extends AutoCloseable {

  /**
   * Reads and matches two images. Turned photos are turned back afterwards: what is returned is of
   * the images as they stand.
   *
   * @param points which pointmaps to bring along, by what the two photos tell of themselves; a
   *     matcher without a network has none
   * @throws dev.mast3r.error.InputException if an image cannot be read
   */
  MatchedPair match(PhotoFile a, PhotoFile b, BiFunction<Photo, Photo, Points> points);

  /**
   * Tells which pairs will be asked for after the next one, so that they can be computed with it;
   * their failures are reported when they are asked for. Most matchers gain nothing by that.
   */
  default void expect(List<ExpectedPair> pairs) {}

  /**
   * Returns how many of the pairs to come it is of use to tell of.
   *
   * @param batch how many are to go through the network in one call; empty: as many as suit it
   */
  default int lookAhead(OptionalInt batch) {
    return pairsAtOnce(batch) - 1;
  }

  /**
   * Returns how many pairs go through the network in one call.
   *
   * @param batch how many are to; empty: as many as suit it
   */
  default int pairsAtOnce(OptionalInt batch) {
    return batch.orElse(1);
  }

  /** Returns whether matches were moved to where the full-resolution photos agree. */
  default boolean refinesMatches() {
    return false;
  }

  /** Returns the name of the model, as results carry it. */
  String model();

  /** Returns the SHA-256 of the model's weights, if there is a model and its manifest tells it. */
  Optional<String> modelSha256();

  @Override
  void close();

  /**
   * Opens what matches the pairs of a list: on every GPU, if the options name them all.
   *
   * @param batch how many go through a network in one call; empty: as many as suit it
   * @param notice is told which model was taken and how far long work has come
   * @throws dev.mast3r.error.Mast3rException as {@link #open}
   */
  static PairMatcher openForList(
      NetworkOptions options,
      MatchSettings settings,
      OptionalInt batch,
      Environment environment,
      Consumer<String> notice) {
    List<DeviceChoice> devices =
        options.matcher() == Matcher.SIFT
            ? List.of(options.device())
            : EngineInfo.devices(options.device());
    List<PairMatcher> matchers = new ArrayList<>();
    try {
      for (DeviceChoice device : devices) {
        Consumer<String> listener = matchers.isEmpty() ? notice : text -> {};
        matchers.add(open(options.on(device), settings, environment, listener));
      }
    } catch (RuntimeException | Error e) {
      matchers.forEach(PairMatcher::close);
      throw e;
    }
    PairMatcher first = matchers.get(0);
    return matchers.size() == 1 ? first : new SpreadPairMatcher(matchers, first.pairsAtOnce(batch));
  }

  /**
   * Opens the matcher that the options ask for.
   *
   * @param notice is told which model was taken and how far long work has come
   * @throws dev.mast3r.error.ModelException if the model is missing or damaged
   * @throws dev.mast3r.error.DeviceException if the engine or the device is not there
   */
  static PairMatcher open(
      NetworkOptions options,
      MatchSettings settings,
      Environment environment,
      Consumer<String> notice) {
    return open(options, settings, PhotoMasks.none(), false, false, environment, notice);
  }

  /**
   * Opens the matcher of the only pair that this process will match.
   *
   * @param masks what takes part of its photos
   * @param descriptors whether the network's descriptors are asked for beside the matches
   * @param notice as in {@link #open}
   * @throws dev.mast3r.error.Mast3rException as {@link #open}
   */
  static PairMatcher openForOnePair(
      NetworkOptions options,
      MatchSettings settings,
      PhotoMasks masks,
      boolean descriptors,
      Environment environment,
      Consumer<String> notice) {
    return open(options, settings, masks, descriptors, true, environment, notice);
  }

  private static PairMatcher open(
      NetworkOptions options,
      MatchSettings settings,
      PhotoMasks masks,
      boolean descriptors,
      boolean onePair,
      Environment environment,
      Consumer<String> notice) {
    long cacheBytes = options.cacheMegabytes() * 1024L * 1024L;
    if (options.matcher() == Matcher.SIFT) {
      if (settings.fine() != Fine.OFF) {
        throw new UsageException(
            "option '--fine': needs the network; sift sees the full-resolution photos anyway");
      }
      ImageCache<PhotoFile, Photo> photos =
          new ImageCache<>(
              cacheBytes,
              files -> files.stream().map(PhotoFile::read).toList(),
              photo -> 3L * photo.pixels().width() * photo.pixels().height(),
              photo -> {});
      return new SiftPairMatcher(
          environment.cache(), options.threads(), photos, settings.maxMatches(), masks);
    }
    PairPredictor predictor = PairPredictor.open(options, environment, notice);
    boolean engine = predictor.hasDescriptors() && settings.kernel().isEngine(predictor.isOnGpu());
    DenseMatching matching =
        engine
            ? settings.toMatching(options.threads(), predictor.matcher(settings.seedImages()))
            : onePair && settings.fine() != Fine.WINDOWS
                ? settings.toMatchingOfOnePair(options.threads())
                : settings.toMatching(options.threads());
    Optional<EngineMatching> inEngine =
        Optional.of(
                new EngineMatching(
                    settings.subsample(),
                    settings.seedImages(),
                    masks,
                    descriptors || settings.fine() == Fine.LOCAL))
            .filter(how -> engine);
    MatchOptions matchOptions =
        settings.toOptions(predictor.model().manifest(), predictor.hasDescriptors());
    if (settings.fine() != Fine.WINDOWS) {
      Optional<PhotoRefinement> refinement =
          settings.fine() == Fine.LOCAL
              ? Optional.of(new PhotoRefinement(options.threads()))
              : Optional.empty();
      return new NetworkPairMatcher(
          predictor, matching, matchOptions, masks, inEngine, Optional.empty(), refinement);
    }
    FineMatcher fine =
        new FineMatcher(
            predictor, matching, matchOptions, masks, inEngine, settings.fineMaxSidePx(), notice);
    // windows are planned with matches of another density, which depends on the photos
    return new NetworkPairMatcher(
        predictor,
        matching,
        matchOptions,
        masks,
        Optional.empty(),
        Optional.of(fine),
        Optional.empty());
  }
}
