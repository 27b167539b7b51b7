package dev.mast3r.report;

import dev.mast3r.image.RgbImage;
import dev.mast3r.match.ConvergenceBasins;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;

/**
 * Draws the convergence basins of an image, as figure 11 of arXiv 2406.09756 does: the photo in
 * grey, every basin in a colour of its own, its matched pixel white. Grey pixels lead to no match.
 *
 * <p>Pixels are drawn as squares of whole pixels, so that the drawing is at least {@value
 * #MIN_WIDTH} wide. The same input gives the same pixels.
 */
public final class BasinDrawing {

  private static final int MIN_WIDTH = 1000;

  /** How much of the colour is the basin's, the rest being the photo's. */
  private static final double STRENGTH = 0.6;

  private static final int WHITE = 0xffffff;

  private final RgbImage image;
  private final ConvergenceBasins basins;

  /**
   * @param image as the network saw it
   * @param basins of the same size
   */
  public BasinDrawing(RgbImage image, ConvergenceBasins basins) {
    this.image = image;
    this.basins = basins;
  }

  /** Writes the drawing as PNG. */
  public void writePng(OutputStream out) throws IOException {
    if (!ImageIO.write(draw(), "png", out)) {
      throw new IOException("this Java has no PNG writer");
    }
  }

  BufferedImage draw() {
    int side = (MIN_WIDTH + image.width() - 1) / image.width();
    BufferedImage canvas =
        new BufferedImage(side * image.width(), side * image.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int colour = colour(x, y);
        for (int pixel = 0; pixel < side * side; pixel++) {
          canvas.setRGB(side * x + pixel % side, side * y + pixel / side, colour);
        }
      }
    }
    return canvas;
  }

  private int colour(int x, int y) {
    int index = y * image.width() + x;
    int grey = (image.get(x, y, 0) * 3 + image.get(x, y, 1) * 6 + image.get(x, y, 2)) / 10;
    int root = basins.root(index);
    if (root < 0) {
      return grey << 16 | grey << 8 | grey;
    }
    if (root == index) {
      return WHITE;
    }
    int mixed = scramble(root);
    // one channel stays dark and one gets bright, so that no basin is grey
    int dark = Math.floorMod(mixed, 3);
    int bright = (dark + 1 + (mixed >>> 8 & 1)) % 3;
    int colour = 0;
    for (int channel = 0; channel < 3; channel++) {
      int own = channel == dark ? 0 : channel == bright ? 255 : mixed >>> 16 & 0xff;
      colour = colour << 8 | (int) Math.round(STRENGTH * own + (1 - STRENGTH) * grey);
    }
    return colour;
  }

  /** Neighbouring roots get unlike colours: the finaliser of MurmurHash3. */
  private static int scramble(int root) {
    int h = root + 1;
    h = (h ^ h >>> 16) * 0x85ebca6b;
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return h ^ h >>> 16;
  }
}
