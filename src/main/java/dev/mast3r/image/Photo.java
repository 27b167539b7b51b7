package dev.mast3r.image;

import dev.mast3r.geometry.QuarterTurns;
import java.util.Optional;

/**
 * A decoded photo.
 *
 * @param pixels upright, that is after its EXIF orientation was applied; the samples as stored, no
 *     colour profile is applied
 * @param exifFocalPx focal length in pixels of {@code pixels} as its EXIF data tells it, if they do
 *     so credibly
 */
public record Photo(RgbImage pixels, Optional<Double> exifFocalPx) {

  /** Returns the photo as it is after the turns. */
  public Photo turned(QuarterTurns turns) {
    return new Photo(pixels.turned(turns), exifFocalPx);
  }
}
