package dev.mast3r.image;

import dev.mast3r.geometry.QuarterTurns;

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

  /**
   * Returns a copy of the rectangle {@code left <= x < left + width}, likewise y.
   *
   * @throws IllegalArgumentException if it leaves the image
   */
  public RgbImage crop(int left, int top, int width, int height) {
    if (left < 0 || top < 0 || left > this.width - width || top > this.height - height) {
      throw new IllegalArgumentException(
          width
              + " x "
              + height
              + " pixels from "
              + left
              + ", "
              + top
              + " leave an image of "
              + this.width
              + " x "
              + this.height);
    }
    byte[] part = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(rgb, 3 * ((top + y) * this.width + left), part, 3 * y * width, 3 * width);
    }
    return new RgbImage(width, height, part);
  }

  /** Returns the bytes themselves, for this package's inner loops; nobody writes to them. */
  byte[] bytes() {
    return rgb;
  }

  /** Returns a fresh copy of all bytes, interleaved RGB. */
  public byte[] toArray() {
    return rgb.clone();
  }

  /** Returns the image after the turns. */
  public RgbImage turned(QuarterTurns turns) {
    return switch (turns.count()) {
      case 1 -> Orientation.ROTATE_90_COUNTERCLOCKWISE.apply(this);
      case 2 -> Orientation.ROTATE_180.apply(this);
      case 3 -> Orientation.ROTATE_90_CLOCKWISE.apply(this);
      default -> this;
    };
  }
}
