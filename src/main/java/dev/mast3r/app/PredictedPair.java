package dev.mast3r.app;

import dev.mast3r.image.Photo;
import dev.mast3r.output.StageSeconds;

/**
 * An image pair and what the network said of it.
 *
 * @param a the first image, original and upright
 * @param b the second image
 * @param maps the network's answer
 * @param seconds where the time went
 */
record PredictedPair(Photo a, Photo b, NetworkMaps maps, StageSeconds seconds) {

  PredictedPair withSeconds(StageSeconds other) {
    return new PredictedPair(a, b, maps, other);
  }
}
