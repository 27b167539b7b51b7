package dev.mast3r.match;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.ModelException;
import dev.mast3r.geometry.PixelTransform;
import java.util.Optional;

/**
 * One image of a pair as matching takes it.
 *
 * @param maps what the network said of it
 * @param originalFromNetwork carries the pixels of the maps to the original image
 * @param mask which pixels of the maps take part; of their size
 */
public record NetworkView(ViewMaps maps, PixelTransform originalFromNetwork, PixelMask mask) {

  /**
   * Takes every pixel.
   *
   * @throws ModelException if the network says nothing that can be matched
   */
  public static NetworkView whole(ViewMaps maps, PixelTransform originalFromNetwork) {
    ConfidenceMap confidence = confidence(maps);
    return new NetworkView(
        maps, originalFromNetwork, PixelMask.all(confidence.width(), confidence.height()));
  }

  /** Returns the pixels of its maps. */
  public NetworkFrame frame() {
    return new NetworkFrame(mask.width(), mask.height(), originalFromNetwork);
  }

  /** Returns whether there are descriptors to match by; else there are points. */
  boolean hasDescriptors() {
    return maps.descriptors().isPresent();
  }

  /** Returns the confidence of what is matched by. */
  ConfidenceMap confidence() {
    return confidence(maps);
  }

  private static ConfidenceMap confidence(ViewMaps maps) {
    return required(
        maps.descriptors().isPresent() ? maps.descriptorConfidence() : maps.pointConfidence());
  }

  static <T> T required(Optional<T> map) {
    return map.orElseThrow(
        () ->
            new ModelException(
                "the model gives neither descriptors nor points, which matching needs"));
  }
}
