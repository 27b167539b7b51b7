package dev.mast3r.image;

import java.util.Arrays;

/**
 * A photo in grey and shrunk. A sample is the mean of {@code (red + 2 green + blue) / 4} over a
 * square box of the photo's pixels, 0 to 255, rounded; pixels to the right and below that fill no
 * box are left out. Read-only.
 */
public final class GreyImage {

  /** What rounding to single precision may add to the reach of a grid, in samples, with room. */
  private static final double MARGIN = 0.05;

  private final int width;
  private final int height;
  private final int boxPx;
  private final byte[] samples;

  private GreyImage(int width, int height, int boxPx, byte[] samples) {
    this.width = width;
    this.height = height;
    this.boxPx = boxPx;
    this.samples = samples;
  }

  /**
   * Shrinks a photo.
   *
   * @param boxPx side of the boxes in the photo's pixels
   * @throws IllegalArgumentException if it is not from 1 to the photo's shorter side
   */
  public static GreyImage of(RgbImage photo, int boxPx) {
    if (boxPx < 1 || boxPx > Math.min(photo.width(), photo.height())) {
      throw new IllegalArgumentException(
          "boxes of " + boxPx + " pixels in " + photo.width() + " x " + photo.height());
    }
    int width = photo.width() / boxPx;
    int height = photo.height() / boxPx;
    byte[] samples = new byte[width * height];
    long[] sums = new long[width];
    float scale = 1f / (4f * boxPx * boxPx);
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, 0);
      for (int row = y * boxPx; row < (y + 1) * boxPx; row++) {
        addRow(photo.bytes(), 3 * row * photo.width(), boxPx, sums);
      }
      for (int x = 0; x < width; x++) {
        samples[y * width + x] = (byte) (int) (scale * sums[x] + 0.5f);
      }
    }
    return new GreyImage(width, height, boxPx, samples);
  }

  private static void addRow(byte[] rgb, int from, int boxPx, long[] sums) {
    int at = from;
    for (int x = 0; x < sums.length; x++) {
      int sum = 0;
      for (int k = 0; k < boxPx; k++) {
        sum += (rgb[at] & 0xff) + 2 * (rgb[at + 1] & 0xff) + (rgb[at + 2] & 0xff);
        at += 3;
      }
      sums[x] += sum;
    }
  }

  /**
   * Returns the same photo in boxes of twice the side.
   *
   * @throws IllegalStateException if the image is a single sample wide or high
   */
  public GreyImage halved() {
    if (Math.min(width, height) < 2) {
      throw new IllegalStateException(width + " x " + height + " cannot be halved");
    }
    int half = width / 2;
    byte[] target = new byte[half * (height / 2)];
    for (int y = 0; y < height / 2; y++) {
      int upper = 2 * y * width;
      int lower = upper + width;
      for (int x = 0; x < half; x++) {
        target[y * half + x] =
            (byte)
                ((grey(upper + 2 * x)
                        + grey(upper + 2 * x + 1)
                        + grey(lower + 2 * x)
                        + grey(lower + 2 * x + 1)
                        + 2)
                    >> 2);
      }
    }
    return new GreyImage(half, height / 2, 2 * boxPx, target);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Returns the grey value of a sample. */
  public int get(int x, int y) {
    return grey(y * width + x);
  }

  private int grey(int index) {
    return samples[index] & 0xff;
  }

  /** Returns the side of a box in the photo's pixels. */
  public int boxPx() {
    return boxPx;
  }

  /**
   * Reads a square grid of points by bilinear interpolation, grid point (i, j) at {@code (x + i xx
   * + j xy, y + i yx + j yy)}, i and j from {@code -radius} to {@code radius}.
   *
   * @param target takes the values, row by row of the grid
   * @return false, and nothing is read, if the grid leaves the image
   */
  public boolean readGrid(
      double x, double y, double xx, double xy, double yx, double yy, int radius, float[] target) {
    double reachX = radius * (Math.abs(xx) + Math.abs(xy)) + MARGIN;
    double reachY = radius * (Math.abs(yx) + Math.abs(yy)) + MARGIN;
    // in this form it is false for NaN
    if (!(x >= reachX && y >= reachY && x + reachX < width - 1 && y + reachY < height - 1)) {
      return false;
    }
    float stepX = (float) xx;
    float stepY = (float) yx;
    int n = 0;
    for (int j = -radius; j <= radius; j++) {
      float rowX = (float) (x + xy * j - xx * radius);
      float rowY = (float) (y + yy * j - yx * radius);
      for (int i = 0; i <= 2 * radius; i++) {
        float atX = rowX + stepX * i;
        float atY = rowY + stepY * i;
        int left = (int) atX;
        int top = (int) atY;
        int at = top * width + left;
        float right = atX - left;
        float upper = grey(at) + right * (grey(at + 1) - grey(at));
        float lower = grey(at + width) + right * (grey(at + width + 1) - grey(at + width));
        target[n++] = upper + (atY - top) * (lower - upper);
      }
    }
    return true;
  }
}
