package dev.mast3r.image;

import java.util.Optional;

/**
 * A decoded photo.
 *
 * @param pixels upright, that is after its EXIF orientation was applied; the samples as stored, no
 *     colour profile is applied
 * @param exifFocalPx focal length in pixels of {@code pixels} as its EXIF data tells it, if they do
 *     so credibly
 */
public record Photo(RgbImage pixels, Optional<Double> exifFocalPx) {}
