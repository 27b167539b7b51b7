package dev.mast3r.match;

import dev.mast3r.geometry.PixelTransform;

/**
 * The pixels of a network's image and where they lie on the original.
 *
 * @param width of the network's image
 * @param height of the network's image
 * @param originalFromNetwork carries its pixels to the original image
 */
public record NetworkFrame(int width, int height, PixelTransform originalFromNetwork) {

  /** Returns whether a pixel is at least so far from the border. */
  boolean isInside(int x, int y, int borderPx) {
    return x >= borderPx && x < width - borderPx && y >= borderPx && y < height - borderPx;
  }
}
