package dev.mast3r.app;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.ImageLimits;
import dev.mast3r.image.ImageReader;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.PixelMask;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Which pixels of a photo take part in matching: those that are not black in an image of the
 * upright photo's size, as COLMAP's masks are.
 */
final class PhotoMask {

  private final String name;
  private final int width;
  private final int height;
  private final BitSet allowed = new BitSet();

  private PhotoMask(String name, RgbImage image) {
    this.name = name;
    this.width = image.width();
    this.height = image.height();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        allowed.set(
            y * width + x, (image.get(x, y, 0) | image.get(x, y, 1) | image.get(x, y, 2)) != 0);
      }
    }
  }

  /**
   * Reads an image file.
   *
   * @throws InputException if it cannot be read or is no image
   */
  static PhotoMask read(Path file) {
    return new PhotoMask(file.toString(), ImageReader.read(file, ImageLimits.defaults()).pixels());
  }

  /**
   * Checks that the mask is of the size of the upright photo.
   *
   * @throws InputException if it is not
   */
  void checkFits(RgbImage photo) {
    if (photo.width() != width || photo.height() != height) {
      throw new InputException(
          name
              + ": expected a mask of the photo's "
              + photo.width()
              + " x "
              + photo.height()
              + " pixels, found "
              + width
              + " x "
              + height);
    }
  }

  /** Returns whether the photo's pixel at a place takes part. */
  boolean allows(double x, double y) {
    int column = Math.max(0, Math.min(width - 1, (int) Math.round(x)));
    int row = Math.max(0, Math.min(height - 1, (int) Math.round(y)));
    return allowed.get(row * width + column);
  }

  /** Returns the mask of another frame: a pixel takes part if the photo's at its centre does. */
  PixelMask inFrame(int frameWidth, int frameHeight, PixelTransform originalFromFrame) {
    return PixelMask.of(
        frameWidth,
        frameHeight,
        index ->
            allows(
                originalFromFrame.applyX(index % frameWidth),
                originalFromFrame.applyY(row(index, frameWidth))));
  }

  private static int row(int index, int width) {
    return index / width;
  }
}
