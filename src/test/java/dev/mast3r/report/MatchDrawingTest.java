package dev.mast3r.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchDrawingTest {

  private static final int GAP = 6;
  private static final MatchSet NONE = new MatchSet(List.of());

  private static RgbImage grey(int width, int height, int value) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) value);
    return new RgbImage(width, height, rgb);
  }

  private static MatchSet match(double xA, double yA, double xB, double yB) {
    return new MatchSet(List.of(new Correspondence(xA, yA, xB, yB, 1)));
  }

  private static boolean isColoured(BufferedImage image, double x, double y) {
    Color colour = new Color(image.getRGB((int) x, (int) y));
    int max = Math.max(colour.getRed(), Math.max(colour.getGreen(), colour.getBlue()));
    int min = Math.min(colour.getRed(), Math.min(colour.getGreen(), colour.getBlue()));
    return max - min > 60;
  }

  @ParameterizedTest
  @CsvSource({
    "600, 450, 600, 450, 1206, 450", // as it is
    "2400, 1800, 2400, 1800, 1600, 598", // reduced to the widest
    "100, 100, 100, 100, 1000, 497", // enlarged to the narrowest
    "800, 600, 300, 400, 1000, 477", // brought to the same height
  })
  void fitsBothImagesAtTheSameHeight(
      int widthA, int heightA, int widthB, int heightB, int width, int height) {
    BufferedImage drawn =
        new MatchDrawing(grey(widthA, heightA, 90), grey(widthB, heightB, 90), NONE).draw(10);

    assertEquals(width, drawn.getWidth(), 1.0);
    assertEquals(height, drawn.getHeight());
  }

  @Test
  void putsDotsOnTheCentresOfTheMatchedPixels() {
    // both images are reduced, B twice as much as A
    BufferedImage drawn =
        new MatchDrawing(grey(1200, 600, 90), grey(2400, 1200, 90), match(302, 152, 1804.5, 904.5))
            .draw(0);
    double scale = drawn.getHeight() / 600.0;
    int offsetB = drawn.getWidth() / 2 + GAP / 2;

    assertTrue(isColoured(drawn, 302.5 * scale, 152.5 * scale));
    assertTrue(isColoured(drawn, offsetB + 1805 * scale / 2, 905 * scale / 2));
    assertEquals(2, blobs(drawn));
  }

  @Test
  void joinsMatchesByLinesAndNoMoreThanAllowed() {
    MatchSet two =
        new MatchSet(
            List.of(
                new Correspondence(300, 100, 300, 100, 2),
                new Correspondence(300, 400, 300, 400, 1)));
    BufferedImage drawn = new MatchDrawing(grey(600, 500, 90), grey(600, 500, 90), two).draw(1);

    // half-way between both dots of a match
    assertTrue(isColoured(drawn, 600, 100));
    assertEquals(false, isColoured(drawn, 600, 400));
  }

  @Test
  void coloursAMatchByItsPlaceInA() {
    MatchSet both =
        new MatchSet(
            List.of(
                new Correspondence(0, 100, 500, 100, 1), new Correspondence(599, 300, 20, 300, 1)));
    BufferedImage drawn = new MatchDrawing(grey(600, 500, 90), grey(600, 500, 90), both).draw(2);

    Color left = new Color(drawn.getRGB(606 + 500, 100));
    Color right = new Color(drawn.getRGB(606 + 20, 300));
    assertTrue(left.getRed() > left.getBlue() + 60, "red on the left: " + left);
    assertTrue(right.getBlue() > right.getGreen() + 60, "pink on the right: " + right);
  }

  @Test
  void showsThePhotosPaledButNotBlurredTogether() {
    byte[] red = new byte[3 * 600 * 500];
    for (int i = 0; i < red.length; i += 3) {
      red[i] = (byte) 200;
    }
    BufferedImage drawn =
        new MatchDrawing(new RgbImage(600, 500, red), grey(600, 500, 250), NONE).draw(0);

    Color inA = new Color(drawn.getRGB(599, 250));
    assertTrue(inA.getRed() > 140 && inA.getGreen() > 10 && inA.getGreen() < 40, "" + inA);
    assertEquals(new Color(250, 250, 250), new Color(drawn.getRGB(606, 250)));
  }

  @Test
  void writesThePngOfTheSamePixelsEveryTime() throws IOException {
    MatchDrawing drawing =
        new MatchDrawing(grey(64, 48, 90), grey(48, 64, 200), match(3, 4, 40, 60));
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream second = new ByteArrayOutputStream();

    drawing.writePng(first, 100);
    drawing.writePng(second, 100);

    assertArrayEquals(first.toByteArray(), second.toByteArray());
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(first.toByteArray()));
    assertEquals(drawing.draw(100).getRGB(500, 300), read.getRGB(500, 300));
  }

  /** Counts coloured spots that are at least ten pixels apart. */
  private static int blobs(BufferedImage image) {
    int count = 0;
    int lastX = -100;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        if (isColoured(image, x, y)) {
          count += x - lastX > 10 ? 1 : 0;
          lastX = x;
        }
      }
    }
    return count;
  }
}
