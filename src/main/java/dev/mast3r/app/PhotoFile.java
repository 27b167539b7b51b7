package dev.mast3r.app;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.QuarterTurns;
import dev.mast3r.image.ImageLimits;
import dev.mast3r.image.ImageReader;
import dev.mast3r.image.Photo;
import java.nio.file.Path;

/**
 * A photo of a pair.
 *
 * @param path its file
 * @param turns by which the photo has to be turned to show the scene upright, beyond what its EXIF
 *     data tell
 */
public record PhotoFile(Path path, QuarterTurns turns) {

  /** Nothing can be recognised in less than one patch of the published models. */
  private static final int MIN_SIDE_PX = 16;

  /** Takes a photo as it stands. */
  public static PhotoFile of(Path path) {
    return new PhotoFile(path, QuarterTurns.NONE);
  }

  /**
   * Reads the photo, which is large enough to be matched, and turns it.
   *
   * @throws InputException if the file cannot be read, is no image, or is refused by a limit
   */
  Photo read() {
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
    return photo.turned(turns);
  }
}
