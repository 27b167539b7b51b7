package dev.mast3r.app;

import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.ResizePlan;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Window;
import dev.mast3r.match.WindowLayout;
import java.util.OptionalInt;

/**
 * The image that windows of one photo are cut from, and how they lie on it.
 *
 * @param pixels the photo itself, or shrunk if it is larger than asked for; of a photo no larger
 *     than the network's image, that image
 * @param originalFromFine carries its pixels to the original image
 * @param layout windows as large as the network's image
 */
record FineFrame(RgbImage pixels, PixelTransform originalFromFine, WindowLayout layout) {

  /**
   * @param networkImage the photo as the network saw it
   * @param networkSidePx long side of the network's images
   */
  static FineFrame of(
      RgbImage photo,
      OptionalInt maxSidePx,
      RgbImage networkImage,
      PixelTransform originalFromNetwork,
      int networkSidePx,
      int patch) {
    int longSide = Math.max(photo.width(), photo.height());
    int used = Math.min(longSide, maxSidePx.orElse(longSide));
    if (used <= networkSidePx) {
      return new FineFrame(
          networkImage,
          originalFromNetwork,
          new WindowLayout(
              networkImage.width(),
              networkImage.height(),
              networkImage.width(),
              networkImage.height()));
    }
    RgbImage pixels = photo;
    PixelTransform originalFromFine = PixelTransform.identity();
    if (used < longSide) {
      ResizePlan plan = ResizePlan.toLongSide(photo.width(), photo.height(), used);
      pixels = plan.apply(photo);
      originalFromFine = plan.originalFromNetwork();
    }
    return new FineFrame(
        pixels,
        originalFromFine,
        WindowLayout.of(pixels.width(), pixels.height(), networkSidePx, patch));
  }

  boolean isOneWindow() {
    return layout.imageWidth() == layout.windowWidth()
        && layout.imageHeight() == layout.windowHeight();
  }

  RgbImage crop(Window window) {
    return pixels.crop(window.left(), window.top(), window.width(), window.height());
  }

  PixelTransform originalFrom(Window window) {
    return originalFromFine.times(new PixelTransform(1, 1, window.left(), window.top()));
  }
}
