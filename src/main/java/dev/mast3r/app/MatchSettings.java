package dev.mast3r.app;

import dev.mast3r.match.MatchOptions;
import dev.mast3r.store.ModelManifest;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Which correspondences are wanted, before the model is known.
 *
 * @param subsample step of the seed grid in network pixels
 * @param maxMatches most correspondences kept
 * @param minConfidence drop matches below; empty: the model's own default
 */
public record MatchSettings(int subsample, int maxMatches, OptionalDouble minConfidence) {

  /** Points are matched from this confidence on, unless the model says otherwise. */
  private static final double MIN_POINT_CONFIDENCE = 3;

  MatchOptions toOptions(Optional<ModelManifest> manifest, boolean byDescriptors) {
    MatchOptions defaults = MatchOptions.defaults();
    double ofModel =
        manifest
            .map(ModelManifest::minConfidence)
            .orElse(byDescriptors ? defaults.minConfidence() : MIN_POINT_CONFIDENCE);
    return new MatchOptions(
        subsample, maxMatches, defaults.borderPx(), minConfidence.orElse(ofModel));
  }
}
