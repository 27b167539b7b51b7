package dev.mast3r.image;

/** An 8-bit RGB image, H x W x 3 interleaved, upright. Read-only. */
public final class RgbImage {

  private final int width;
  private final int height;
  private final byte[] rgb;

  /**
   * Takes ownership of {@code rgb}: red, green, blue of pixel (0,0), then of pixel (1,0), row by
   * row.
   *
   * @throws IllegalArgumentException if the array has not {@code 3 width height} bytes
   */
  public RgbImage(int width, int height, byte[] rgb) {
    if (width < 1 || height < 1 || 3L * width * height != rgb.length) {
      throw new IllegalArgumentException(
          width
              + " x "
              + height
              + " RGB needs "
              + 3L * width * height
              + " bytes, found "
              + rgb.length);
    }
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Returns channel 0 (red), 1 (green) or 2 (blue) of a pixel, 0 to 255. */
  public int get(int x, int y, int channel) {
    return rgb[3 * (y * width + x) + channel] & 0xff;
  }

  /** Returns the bytes themselves, for this package's inner loops; nobody writes to them. */
  byte[] bytes() {
    return rgb;
  }

  /** Returns a fresh copy of all bytes, interleaved RGB. */
  public byte[] toArray() {
    return rgb.clone();
  }
}
