package dev.mast3r.app;

import dev.mast3r.image.Photo;
import dev.mast3r.match.ScoredMatches;
import dev.mast3r.output.StageSeconds;
import java.util.Optional;

/**
 * An image pair and what the network said of it.
 *
 * @param a the first image, original and upright
 * @param b the second image
 * @param maps the network's answer; where the engine matched, those that are needed beside that
 * @param matches those that the engine found, if it was to match
 * @param seconds where the time went
 */
record PredictedPair(
    Photo a, Photo b, NetworkMaps maps, Optional<ScoredMatches> matches, StageSeconds seconds) {

  PredictedPair withSeconds(StageSeconds other) {
    return new PredictedPair(a, b, maps, matches, other);
  }
}
