package dev.mast3r.match;

import java.util.Arrays;

/** Orders pixels along a Z-curve, so that consecutive ones are neighbours in the image. */
final class PixelOrder {

  private PixelOrder() {}

  /** Returns the first {@code count} of the given pixel indices along the curve. */
  static int[] alongCurve(int[] pixels, int count, int width) {
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      long code = spread(pixels[i] % width) | spread(pixels[i] / width) << 1;
      keys[i] = code;
    }
    Arrays.sort(keys);
    int[] ordered = new int[count];
    for (int i = 0; i < count; i++) {
      ordered[i] = gather(keys[i] >> 1) * width + gather(keys[i]);
    }
    return ordered;
  }

  /** Puts a zero between any two bits of a number below 2^31. */
  private static long spread(int value) {
    long x = value;
    x = (x | x << 16) & 0x0000FFFF0000FFFFL;
    x = (x | x << 8) & 0x00FF00FF00FF00FFL;
    x = (x | x << 4) & 0x0F0F0F0F0F0F0F0FL;
    x = (x | x << 2) & 0x3333333333333333L;
    return (x | x << 1) & 0x5555555555555555L;
  }

  private static int gather(long code) {
    long x = code & 0x5555555555555555L;
    x = (x | x >> 1) & 0x3333333333333333L;
    x = (x | x >> 2) & 0x0F0F0F0F0F0F0F0FL;
    x = (x | x >> 4) & 0x00FF00FF00FF00FFL;
    x = (x | x >> 8) & 0x0000FFFF0000FFFFL;
    return (int) (x | x >> 16);
  }
}
