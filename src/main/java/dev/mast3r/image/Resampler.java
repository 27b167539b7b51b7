package dev.mast3r.image;

import java.util.Arrays;

/**
 * Resizes 8-bit images as Pillow's {@code Image.resize} does, bit for bit: two separable passes
 * with the fixed-point weights of {@link ResampleWeights}, first along the rows, then along the
 * columns, rounded and clipped to 8 bits after each.
 *
 * <p>The networks were trained on images resized that way. Written from the description of the
 * method; only the part of the result that is asked for is computed.
 */
final class Resampler {

  private static final int HALF = 1 << (ResampleWeights.PRECISION_BITS - 1);

  private Resampler() {}

  /**
   * Resizes {@code image} to {@code width x height} and cuts out {@code crop} of the result.
   *
   * @throws IllegalArgumentException if the crop leaves the resized image
   */
  static RgbImage resize(
      RgbImage image, int width, int height, ResampleFilter filter, PixelBox crop) {
    if (crop.right() > width || crop.bottom() > height) {
      throw new IllegalArgumentException(crop + " leaves an image of " + width + " x " + height);
    }
    ResampleWeights down =
        new ResampleWeights(image.height(), height, crop.top(), crop.height(), filter);
    int last = down.length() - 1;
    int firstRow = down.first(0);
    int rows = down.first(last) + down.count(last) - firstRow;
    ResampleWeights across =
        new ResampleWeights(image.width(), width, crop.left(), crop.width(), filter);
    byte[] narrow = resizeRows(image, across, firstRow, rows);
    byte[] result = resizeColumns(narrow, 3 * crop.width(), down, firstRow);
    return new RgbImage(crop.width(), crop.height(), result);
  }

  /**
   * Two rows share the 64 bits of a multiplication, one in each half, which takes about half the
   * time: the sums fit 32 bits, and what the lower one borrows from the upper one is given back.
   */
  private static byte[] resizeRows(RgbImage image, ResampleWeights across, int firstRow, int rows) {
    int samples = 3 * image.width();
    int stride = 3 * across.length();
    byte[] target = new byte[Math.multiplyExact(stride, rows)];
    long[] pair = new long[samples];
    for (int row = 0; row < rows; row += 2) {
      int next = Math.min(row + 1, rows - 1);
      pack(image.bytes(), samples * (firstRow + row), samples * (firstRow + next), pair);
      resizePair(pair, across, target, stride * row, stride * next);
    }
    return target;
  }

  private static void pack(byte[] source, int upper, int lower, long[] pair) {
    for (int i = 0; i < pair.length; i++) {
      pair[i] = (source[upper + i] & 0xffL) | (source[lower + i] & 0xffL) << 32;
    }
  }

  private static void resizePair(
      long[] pair, ResampleWeights across, byte[] target, int upper, int lower) {
    int[] weights = across.weights();
    int to = 0;
    for (int x = 0; x < across.length(); x++) {
      long red = 0;
      long green = 0;
      long blue = 0;
      int from = 3 * across.first(x);
      int begin = across.offset(x);
      int end = begin + across.count(x);
      for (int k = begin; k < end; k++) {
        long weight = weights[k];
        red += weight * pair[from];
        green += weight * pair[from + 1];
        blue += weight * pair[from + 2];
        from += 3;
      }
      unpack(red, target, upper + to, lower + to);
      unpack(green, target, upper + to + 1, lower + to + 1);
      unpack(blue, target, upper + to + 2, lower + to + 2);
      to += 3;
    }
  }

  private static void unpack(long sums, byte[] target, int upper, int lower) {
    int low = (int) sums;
    int high = (int) ((sums - low) >> 32);
    target[upper] = clip(HALF + low);
    target[lower] = clip(HALF + high);
  }

  /** Weighs whole rows at a time, which reads memory in order. */
  private static byte[] resizeColumns(
      byte[] source, int stride, ResampleWeights down, int firstRow) {
    byte[] target = new byte[stride * down.length()];
    int[] sums = new int[stride];
    for (int y = 0; y < down.length(); y++) {
      Arrays.fill(sums, HALF);
      for (int k = 0; k < down.count(y); k++) {
        int rowStart = stride * (down.first(y) + k - firstRow);
        addWeighted(sums, down.weights()[down.offset(y) + k], source, rowStart);
      }
      for (int i = 0; i < stride; i++) {
        target[stride * y + i] = clip(sums[i]);
      }
    }
    return target;
  }

  private static void addWeighted(int[] sums, int weight, byte[] source, int start) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * (source[start + i] & 0xff);
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> ResampleWeights.PRECISION_BITS));
  }
}
