package dev.mast3r.match;

import java.util.Arrays;

/**
 * Orders pixels along a Z-curve, so that runs of 4, 16, 64, ... consecutive ones are squares of the
 * image, or stay close together where the image's border cuts the squares.
 */
final class PixelOrder {

  private PixelOrder() {}

  /** Returns all pixels of a map along the curve. */
  static int[] all(int width, int height) {
    int[] pixels = new int[width * height];
    long side = Integer.highestOneBit(Math.max(width, height)) * 2L;
    fill(pixels, 0, width, height, 0, 0, side);
    return pixels;
  }

  private static int fill(int[] pixels, int n, int width, int height, long x, long y, long side) {
    if (x >= width || y >= height) {
      return n;
    }
    if (side == 1) {
      pixels[n] = (int) (y * width + x);
      return n + 1;
    }
    long half = side / 2;
    int next = fill(pixels, n, width, height, x, y, half);
    next = fill(pixels, next, width, height, x + half, y, half);
    next = fill(pixels, next, width, height, x, y + half, half);
    return fill(pixels, next, width, height, x + half, y + half, half);
  }

  /** Returns the first {@code count} of the given pixel indices along the curve. */
  static int[] alongCurve(int[] pixels, int count, int width) {
    long[] codes = new long[count];
    for (int i = 0; i < count; i++) {
      codes[i] = spread(pixels[i] % width) | spread(pixels[i] / width) << 1;
    }
    Arrays.sort(codes);
    int[] ordered = new int[count];
    for (int i = 0; i < count; i++) {
      ordered[i] = gather(codes[i] >> 1) * width + gather(codes[i]);
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
