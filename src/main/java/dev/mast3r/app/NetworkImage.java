package dev.mast3r.app;

import dev.mast3r.image.Photo;
import dev.mast3r.image.ResizePlan;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.NetworkFrame;
import dev.mast3r.model.EncodedImage;

/**
 * An image on its way through the network.
 *
 * @param photo original and upright
 * @param plan how it was resized
 * @param resized as the network saw it
 * @param encoded the encoder's answer; holds native memory
 */
record NetworkImage(Photo photo, ResizePlan plan, RgbImage resized, EncodedImage encoded) {

  /** Returns the pixels that the network saw. */
  NetworkFrame frame() {
    return new NetworkFrame(resized.width(), resized.height(), plan.originalFromNetwork());
  }

  long byteCount() {
    return 3L * photo.pixels().width() * photo.pixels().height()
        + 3L * resized.width() * resized.height()
        + encoded.byteCount();
  }
}
