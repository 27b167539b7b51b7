package dev.mast3r.app;

import dev.mast3r.image.Photo;
import java.util.function.BiFunction;

/**
 * A pair that a list will ask for soon.
 *
 * @param a the first image
 * @param b the second image
 * @param points which pointmaps it will want, by what the two photos tell of themselves
 */
record ExpectedPair(PhotoFile a, PhotoFile b, BiFunction<Photo, Photo, Points> points) {}
