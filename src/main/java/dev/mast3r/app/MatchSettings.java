package dev.mast3r.app;

import dev.mast3r.error.UsageException;
import dev.mast3r.match.DenseMatching;
import dev.mast3r.match.FastReciprocalMatcher;
import dev.mast3r.match.KernelChoice;
import dev.mast3r.match.MatchOptions;
import dev.mast3r.match.ReciprocalMatcher;
import dev.mast3r.match.ReciprocalPointMatcher;
import dev.mast3r.match.SeedImages;
import dev.mast3r.store.ModelManifest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Which correspondences are wanted, before the model is known.
 *
 * @param subsample step of the seed grid in network pixels
 * @param maxMatches most correspondences kept
 * @param minConfidence drop matches below; empty: the model's own default
 * @param seedImages where matching starts
 * @param kernel how descriptors are compared; changes nothing but the speed
 * @param fine how they are made finer than the network's pixels
 * @param fineMaxSidePx larger photos are shrunk to this long side before windows are cut from them;
 *     empty: never
 */
public record MatchSettings(
    int subsample,
    int maxMatches,
    OptionalDouble minConfidence,
    SeedImages seedImages,
    KernelChoice kernel,
    Fine fine,
    OptionalInt fineMaxSidePx) {

  /** Points are matched from this confidence on, unless the model says otherwise. */
  private static final double MIN_POINT_CONFIDENCE = 3;

  public MatchSettings {
    checkPositive("--subsample", subsample);
    checkPositive("--max-matches", maxMatches);
    if (fineMaxSidePx.isPresent() && fine != Fine.WINDOWS) {
      throw new UsageException("option '--fine-max': expected together with '--fine'");
    }
    if (fineMaxSidePx.isPresent() && fineMaxSidePx.getAsInt() < 1) {
      throw new UsageException(
          "option '--fine-max': expected at least 1 pixel, found " + fineMaxSidePx.getAsInt());
    }
  }

  private static void checkPositive(String option, int value) {
    if (value < 1) {
      throw new UsageException("option '" + option + "': expected at least 1, found " + value);
    }
  }

  /** Returns the settings that change results, as text: not those of speed alone. */
  public String shapingResults() {
    return List.of(subsample, maxMatches, minConfidence, seedImages, fine, fineMaxSidePx)
        .toString();
  }

  MatchOptions toOptions(Optional<ModelManifest> manifest, boolean byDescriptors) {
    MatchOptions defaults = MatchOptions.defaults();
    double ofModel =
        manifest
            .map(ModelManifest::minConfidence)
            .orElse(byDescriptors ? defaults.minConfidence() : MIN_POINT_CONFIDENCE);
    return new MatchOptions(
        subsample, maxMatches, defaults.borderPx(), minConfidence.orElse(ofModel));
  }

  /** Returns what finds convergence basins. */
  FastReciprocalMatcher toBasinMatcher(int threads) {
    return new FastReciprocalMatcher(threads, kernel.inJava(), SeedImages.A);
  }

  /** Returns how pairs of maps are matched. */
  DenseMatching toMatching(int threads) {
    return orBetweenPixels(DenseMatching.of(threads, kernel.inJava(), seedImages));
  }

  /** As {@link #toMatching(int)}, for one pair, which is all that this process matches. */
  DenseMatching toMatchingOfOnePair(int threads) {
    return orBetweenPixels(DenseMatching.forOnePair(threads, kernel.inJava(), seedImages));
  }

  /** As {@link #toMatching(int)}, comparing descriptors by a matcher that starts where we do. */
  DenseMatching toMatching(int threads, ReciprocalMatcher descriptorMatcher) {
    return orBetweenPixels(
        new DenseMatching(descriptorMatcher, new ReciprocalPointMatcher(threads, seedImages)));
  }

  private DenseMatching orBetweenPixels(DenseMatching atPixels) {
    return fine == Fine.LOCAL ? atPixels.betweenPixels() : atPixels;
  }
}
