package dev.mast3r.match;

/**
 * A rectangle of whole pixels, {@code left <= x < right} and {@code top <= y < bottom}, with (0,0)
 * at the image's top-left pixel.
 */
public record Window(int left, int top, int right, int bottom) {

  public Window {
    if (left < 0 || top < 0 || right <= left || bottom <= top) {
      throw new IllegalArgumentException(
          "no pixels in the window " + left + " " + top + " " + right + " " + bottom);
    }
  }

  public int width() {
    return right - left;
  }

  public int height() {
    return bottom - top;
  }

  boolean contains(double x, double y) {
    return x >= left && x < right && y >= top && y < bottom;
  }

  /** Returns 1 for the centre, less farther out: {@code exp(-2 d^2)}, d in sides of the window. */
  double centrality(double x, double y) {
    double dx = (x - 0.5 * (left + right)) / width();
    double dy = (y - 0.5 * (top + bottom)) / height();
    return Math.exp(-2 * (dx * dx + dy * dy));
  }
}
