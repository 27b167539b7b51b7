package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.error.InputException;

/** What both maps must fulfil before any search. */
public final class DescriptorCheck {

  /**
   * No descriptor's squared norm is as large. A finite squared norm also bounds every dot product
   * and every partial sum of it (Cauchy-Schwarz), so that no similarity can overflow later.
   */
  static final float TOO_LONG = Float.MAX_VALUE / 2;

  private DescriptorCheck() {}

  static void check(DescriptorMap a, DescriptorMap b, PixelMask maskA, PixelMask maskB) {
    checkFit(a, b, maskA, maskB);
    checkFinite("A", firstBad(a, maskA), a.width());
    checkFinite("B", firstBad(b, maskB), b.width());
  }

  /**
   * Checks that two maps can be compared and that their masks are theirs.
   *
   * @throws IllegalArgumentException if not
   */
  public static void checkFit(DescriptorMap a, DescriptorMap b, PixelMask maskA, PixelMask maskB) {
    if (a.dimension() != b.dimension()) {
      throw new IllegalArgumentException(
          "both maps need descriptors of one dimension, found "
              + a.dimension()
              + " and "
              + b.dimension());
    }
    checkSize("A", a, maskA);
    checkSize("B", b, maskB);
  }

  /**
   * Tells of a pixel that cannot be compared, if there is one.
   *
   * @param name of the map
   * @param firstBad index of the pixel; negative: there is none
   * @throws InputException if there is one
   */
  public static void checkFinite(String name, long firstBad, int width) {
    if (firstBad >= 0) {
      throw new InputException(
          "descriptor map "
              + name
              + " is not finite at pixel ("
              + firstBad % width
              + ", "
              + firstBad / width
              + ")");
    }
  }

  private static void checkSize(String name, DescriptorMap map, PixelMask mask) {
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
  }

  private static long firstBad(DescriptorMap map, PixelMask mask) {
    float[] descriptor = new float[map.dimension()];
    for (int index = 0; index < map.width() * map.height(); index++) {
      map.copyInto(index, descriptor, 0);
      float squaredNorm = 0;
      for (float value : descriptor) {
        squaredNorm += value * value;
      }
      if (!(squaredNorm < TOO_LONG) && mask.allows(index)) {
        return index;
      }
    }
    return -1;
  }
}
