package dev.mast3r.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Images for tests: committed files, and pixels made up from a seed. */
final class TestImages {

  static final Path PHOTOS = Path.of("testdata/images");
  static final Path DECODE = Path.of("testdata/golden/decode");
  static final Path RESIZE = Path.of("testdata/golden/resize");

  private TestImages() {}

  /** Reads a lossless 8-bit RGB file without the code under test. */
  static RgbImage golden(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
    int to = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int colour = image.getRGB(x, y);
        rgb[to++] = (byte) (colour >> 16);
        rgb[to++] = (byte) (colour >> 8);
        rgb[to++] = (byte) colour;
      }
    }
    return new RgbImage(image.getWidth(), image.getHeight(), rgb);
  }

  static RgbImage noise(int width, int height, long seed) {
    byte[] rgb = new byte[3 * width * height];
    new Random(seed).nextBytes(rgb);
    return new RgbImage(width, height, rgb);
  }

  static RgbImage crop(RgbImage image, PixelBox box) {
    byte[] rgb = new byte[3 * box.width() * box.height()];
    for (int y = 0; y < box.height(); y++) {
      int from = 3 * ((box.top() + y) * image.width() + box.left());
      System.arraycopy(image.bytes(), from, rgb, 3 * box.width() * y, 3 * box.width());
    }
    return new RgbImage(box.width(), box.height(), rgb);
  }
}
