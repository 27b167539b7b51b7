package dev.mast3r.app;

import dev.mast3r.error.InputException;
import dev.mast3r.image.ImageLimits;
import dev.mast3r.image.ImageReader;
import dev.mast3r.image.Photo;
import java.nio.file.Path;

/** Reads the photos of pairs. */
final class PhotoFile {

  /** Nothing can be recognised in less than one patch of the published models. */
  private static final int MIN_SIDE_PX = 16;

  private PhotoFile() {}

  /**
   * Reads a photo that is large enough to be matched.
   *
   * @throws InputException if the file cannot be read, is no image, or is refused by a limit
   */
  static Photo read(Path path) {
    Photo photo = ImageReader.read(path, ImageLimits.defaults());
    int width = photo.pixels().width();
    int height = photo.pixels().height();
    if (Math.min(width, height) < MIN_SIDE_PX) {
      throw new InputException(
          path
              + ": too small to match: expected at least "
              + MIN_SIDE_PX
              + " pixels a side, found "
              + width
              + " x "
              + height);
    }
    return photo;
  }
}
