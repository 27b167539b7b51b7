package dev.mast3r.match;

import java.util.Arrays;

/**
 * Orders pixels along a Z-curve, so that runs of 4, 16, 64, ... consecutive ones are squares of the
 * image, or stay close together where the image's border cuts the squares.
 */
final class PixelOrder {

  private PixelOrder() {}

  /** Returns all allowed pixels of a map along the curve. */
  static int[] all(PixelMask mask) {
    int[] pixels = new int[mask.count()];
    long side = Integer.highestOneBit(Math.max(mask.width(), mask.height())) * 2L;
    fill(pixels, 0, mask, 0, 0, side);
    return pixels;
  }

  private static int fill(int[] pixels, int n, PixelMask mask, long x, long y, long side) {
    if (x >= mask.width() || y >= mask.height()) {
      return n;
    }
    if (side == 2) {
      return fillFour(pixels, n, mask, (int) x, (int) y);
    }
    long half = side / 2;
    int next = fill(pixels, n, mask, x, y, half);
    next = fill(pixels, next, mask, x + half, y, half);
    next = fill(pixels, next, mask, x, y + half, half);
    return fill(pixels, next, mask, x + half, y + half, half);
  }

  private static int fillFour(int[] pixels, int n, PixelMask mask, int x, int y) {
    int next = n;
    for (int i = 0; i < 4; i++) {
      int column = x + (i & 1);
      int row = y + (i >> 1);
      int pixel = row * mask.width() + column;
      if (column < mask.width() && row < mask.height() && mask.allows(pixel)) {
        pixels[next++] = pixel;
      }
    }
    return next;
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
