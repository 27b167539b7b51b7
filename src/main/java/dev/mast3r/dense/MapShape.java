package dev.mast3r.dense;

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

  static int index(int width, int height, int x, int y) {
    if (x < 0 || x >= width || y < 0 || y >= height) {
      throw new IndexOutOfBoundsException(
          "pixel (" + x + ", " + y + ") is outside of " + width + " x " + height);
    }
    return y * width + x;
  }
}
