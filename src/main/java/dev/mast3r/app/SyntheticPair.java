package dev.mast3r.app;

import dev.mast3r.error.InputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Two views of 640x480 pixels of one textured plane, for measuring where no photos are at hand. The
 * same bytes everywhere.
 */
final class SyntheticPair {

  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;
  private static final int OCTAVES = 6;
  private static final double COARSEST_PX = 96;

  private SyntheticPair() {}

  /** Where a pixel of a view lies on the plane. */
  private interface View {
    double[] onPlane(double x, double y);
  }

  /**
   * Writes the views as PNG.
   *
   * @throws InputException if a file cannot be written
   */
  static void write(Path a, Path b) {
    write(a, (x, y) -> new double[] {x, y});
    write(b, (x, y) -> new double[] {1.03 * x + 0.02 * y + 21, 0.99 * y - 0.03 * x + 8});
  }

  private static void write(Path file, View view) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double[] point = view.onPlane(x, y);
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
          rgb = (rgb << 8) | (int) (255 * texture(channel, point[0], point[1]));
        }
        image.setRGB(x, y, rgb);
      }
    }
    try {
      ImageIO.write(image, "png", file.toFile());
    } catch (IOException e) {
      throw new InputException(file + ": cannot be written: " + e, e);
    }
  }

  /** Value noise over several scales, 0 to below 1. */
  private static double texture(int channel, double x, double y) {
    double sum = 0;
    double weights = 0;
    double cell = COARSEST_PX;
    for (int octave = 0; octave < OCTAVES; octave++) {
      double weight = 1.0 / (1 + octave);
      sum += weight * noise(channel * OCTAVES + octave, x / cell, y / cell);
      weights += weight;
      cell /= 2;
    }
    return sum / weights;
  }

  private static double noise(int layer, double x, double y) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    double fx = x - x0;
    double fy = y - y0;
    double top = (1 - fx) * corner(layer, x0, y0) + fx * corner(layer, x0 + 1, y0);
    double bottom = (1 - fx) * corner(layer, x0, y0 + 1) + fx * corner(layer, x0 + 1, y0 + 1);
    return (1 - fy) * top + fy * bottom;
  }

  /** A number of 0 to below 1 that looks random (the finaliser of MurmurHash3). */
  private static double corner(int layer, int x, int y) {
    int hash = 0x9e3779b9 * layer + 0x85ebca6b * x + 0xc2b2ae35 * y;
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    hash ^= hash >>> 16;
    return (hash & 0xffff) / 65536.0;
  }
}
