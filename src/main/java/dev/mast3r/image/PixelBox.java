package dev.mast3r.image;

/** A rectangle of whole pixels, {@code left <= x < right} and {@code top <= y < bottom}. */
record PixelBox(int left, int top, int right, int bottom) {

  PixelBox {
    if (left < 0 || top < 0 || right <= left || bottom <= top) {
      throw new IllegalArgumentException(
          "no pixels in the box " + left + " " + top + " " + right + " " + bottom);
    }
  }

  int width() {
    return right - left;
  }

  int height() {
    return bottom - top;
  }
}
