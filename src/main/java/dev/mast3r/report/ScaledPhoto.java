package dev.mast3r.report;

import dev.mast3r.image.RgbImage;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** An image scaled, and paled on request, for a drawing on top of it: not meant for measuring. */
final class ScaledPhoto {

  private ScaledPhoto() {}

  /**
   * Scales by {@code scale}, at least to one pixel.
   *
   * @param paleness how much of a colour gives way to its grey, 0 to 1
   */
  static BufferedImage of(RgbImage image, double scale, double paleness) {
    // means over whole blocks first: interpolation alone would skip pixels
    BufferedImage photo = blockMeans(image, Math.max(1, (int) (1 / scale)), paleness);
    int width = Math.max(1, (int) Math.round(image.width() * scale));
    int height = Math.max(1, (int) Math.round(image.height() * scale));
    if (width == photo.getWidth() && height == photo.getHeight()) {
      return photo;
    }
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.drawImage(photo, 0, 0, width, height, null);
    } finally {
      graphics.dispose();
    }
    return scaled;
  }

  private static BufferedImage blockMeans(RgbImage image, int block, double paleness) {
    int width = (image.width() + block - 1) / block;
    int height = (image.height() + block - 1) / block;
    BufferedImage means = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        means.setRGB(x, y, blockMean(image, x * block, y * block, block, paleness));
      }
    }
    return means;
  }

  private static int blockMean(RgbImage image, int left, int top, int block, double paleness) {
    int right = Math.min(left + block, image.width());
    int bottom = Math.min(top + block, image.height());
    long red = 0;
    long green = 0;
    long blue = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        red += image.get(x, y, 0);
        green += image.get(x, y, 1);
        blue += image.get(x, y, 2);
      }
    }
    long count = (long) (right - left) * (bottom - top);
    double grey = (0.299 * red + 0.587 * green + 0.114 * blue) / count;
    return pale((double) red / count, grey, paleness) << 16
        | pale((double) green / count, grey, paleness) << 8
        | pale((double) blue / count, grey, paleness);
  }

  private static int pale(double channel, double grey, double paleness) {
    return (int) Math.round(channel + paleness * (grey - channel));
  }
}
