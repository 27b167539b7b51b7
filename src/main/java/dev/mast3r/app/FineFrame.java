package dev.mast3r.app;

import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.ResizePlan;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.NetworkFrame;
import dev.mast3r.match.Window;
import dev.mast3r.match.WindowLayout;

/**
 * The image that windows of one photo are cut from, and how they lie on it.
 *
 * @param pixels the photo itself, or resized
 * @param originalFromFine carries its pixels to the original photo
 * @param layout windows as large as the network's images
 */
record FineFrame(RgbImage pixels, PixelTransform originalFromFine, WindowLayout layout) {

  /**
   * @param longSidePx of the frame
   * @param networkSidePx long side of the network's images, less than the frame's
   * @param patchPx both sides of a window are multiples of it
   */
  static FineFrame of(RgbImage photo, int longSidePx, int networkSidePx, int patchPx) {
    RgbImage pixels = photo;
    PixelTransform originalFromFine = PixelTransform.identity();
    if (longSidePx != longSide(photo)) {
      ResizePlan plan = ResizePlan.toLongSide(photo.width(), photo.height(), longSidePx);
      pixels = plan.apply(photo);
      originalFromFine = plan.originalFromNetwork();
    }
    return new FineFrame(
        pixels,
        originalFromFine,
        WindowLayout.of(pixels.width(), pixels.height(), networkSidePx, patchPx));
  }

  static int longSide(RgbImage photo) {
    return Math.max(photo.width(), photo.height());
  }

  RgbImage crop(Window window) {
    return pixels.crop(window.left(), window.top(), window.width(), window.height());
  }

  /** Returns the pixels of a window that the network sees, and where they lie on the photo. */
  NetworkFrame frame(Window window) {
    return new NetworkFrame(
        window.width(),
        window.height(),
        originalFromFine.times(new PixelTransform(1, 1, window.left(), window.top())));
  }
}
