package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.error.InputException;

/** What both maps must fulfil before any search. */
final class DescriptorCheck {

  private DescriptorCheck() {}

  static void check(DescriptorMap a, DescriptorMap b) {
    if (a.dimension() != b.dimension()) {
      throw new IllegalArgumentException(
          "both maps need descriptors of one dimension, found "
              + a.dimension()
              + " and "
              + b.dimension());
    }
    checkFinite("A", a);
    checkFinite("B", b);
  }

  /**
   * A finite squared norm also bounds every dot product and every partial sum of it
   * (Cauchy-Schwarz), so that no similarity can overflow later.
   */
  private static void checkFinite(String name, DescriptorMap map) {
    int pixels = map.width() * map.height();
    for (int index = 0; index < pixels; index++) {
      float squaredNorm = 0;
      for (int k = 0; k < map.dimension(); k++) {
        float value = map.get(index, k);
        squaredNorm += value * value;
      }
      if (!(squaredNorm < Float.MAX_VALUE / 2)) {
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
