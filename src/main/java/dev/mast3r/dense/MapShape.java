package dev.mast3r.dense;

import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.QuarterTurns;

/** The shape rules that all dense maps share. */
final class MapShape {

  private MapShape() {}

  static void check(int width, int height, int channels, int values) {
    if (width < 1 || height < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "a map needs a positive size, found " + width + " x " + height + " x " + channels);
    }
    if ((long) width * height * channels != values) {
      throw new IllegalArgumentException(
          width
              + " x "
              + height
              + " x "
              + channels
              + " needs "
              + (long) width * height * channels
              + " values, found "
              + values);
    }
  }

  /** Returns the values of a map in the order of the turned map. */
  static float[] turned(float[] values, int width, int height, int channels, QuarterTurns turns) {
    float[] result = new float[values.length];
    int newWidth = turns.width(width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        Point2 to = turns.apply(new Point2(x, y), width, height);
        int target = ((int) to.y()) * newWidth + (int) to.x();
        System.arraycopy(values, (y * width + x) * channels, result, target * channels, channels);
      }
    }
    return result;
  }

  static int index(int width, int height, int x, int y) {
    if (x < 0 || x >= width || y < 0 || y >= height) {
      throw new IndexOutOfBoundsException(
          "pixel (" + x + ", " + y + ") is outside of " + width + " x " + height);
    }
    return y * width + x;
  }
}
