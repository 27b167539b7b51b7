package dev.mast3r.output;

import dev.mast3r.dense.PairMaps;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.RgbImage;

/**
 * All that the network said of a pair, with the images as it saw them: enough to match again
 * without it.
 *
 * @param imageA the network's image, of the same H x W as A's maps
 * @param imageB the network's image, of the same H x W as B's maps
 * @param originalFromNetworkA takes pixels of {@code imageA} to pixels of the original
 */
public record RawMaps(
    PairMaps maps,
    RgbImage imageA,
    RgbImage imageB,
    PixelTransform originalFromNetworkA,
    PixelTransform originalFromNetworkB) {

  public RawMaps {
    check("A", maps.a(), imageA);
    check("B", maps.b(), imageB);
  }

  private static void check(String view, ViewMaps maps, RgbImage image) {
    maps.points().ifPresent(map -> check(view, map.width(), map.height(), image));
    maps.pointConfidence().ifPresent(map -> check(view, map.width(), map.height(), image));
    maps.descriptors().ifPresent(map -> check(view, map.width(), map.height(), image));
    maps.descriptorConfidence().ifPresent(map -> check(view, map.width(), map.height(), image));
  }

  private static void check(String view, int width, int height, RgbImage image) {
    if (width != image.width() || height != image.height()) {
      throw new IllegalArgumentException(
          "a map of view "
              + view
              + " is "
              + width
              + " x "
              + height
              + ", its image "
              + image.width()
              + " x "
              + image.height());
    }
  }
}
