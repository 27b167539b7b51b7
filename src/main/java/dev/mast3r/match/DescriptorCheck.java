package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.error.InputException;

/** What both maps must fulfil before any search. */
final class DescriptorCheck {

  private DescriptorCheck() {}

  static void check(DescriptorMap a, DescriptorMap b, PixelMask maskA, PixelMask maskB) {
    if (a.dimension() != b.dimension()) {
      throw new IllegalArgumentException(
          "both maps need descriptors of one dimension, found "
              + a.dimension()
              + " and "
              + b.dimension());
    }
    check("A", a, maskA);
    check("B", b, maskB);
  }

  /**
   * A finite squared norm also bounds every dot product and every partial sum of it
   * (Cauchy-Schwarz), so that no similarity can overflow later.
   */
  private static void check(String name, DescriptorMap map, PixelMask mask) {
    if (mask.width() != map.width() || mask.height() != map.height()) {
      throw new IllegalArgumentException(
          "mask "
              + name
              + " is not of the size of its map: "
              + mask.width()
              + " x "
              + mask.height()
              + ", not "
              + map.width()
              + " x "
              + map.height());
    }
    float[] descriptor = new float[map.dimension()];
    for (int index = 0; index < map.width() * map.height(); index++) {
      map.copyInto(index, descriptor, 0);
      float squaredNorm = 0;
      for (float value : descriptor) {
        squaredNorm += value * value;
      }
      if (!(squaredNorm < Float.MAX_VALUE / 2) && mask.allows(index)) {
        throw new InputException(
            "descriptor map "
                + name
                + " is not finite at pixel ("
                + index % map.width()
                + ", "
                + index / map.width()
                + ")");
      }
    }
  }
}
