package dev.mast3r.sift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import dev.mast3r.testsupport.OpenCvForTests;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SiftMatcherTest {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;

  private final SiftMatcher matcher = new SiftMatcher(SiftOptions.defaults());

  @BeforeAll
  static void loadOpenCv() {
    OpenCvForTests.load();
  }

  @Test
  void findsTheShiftOfAnImageInPixels() {
    MatchSet matches = matcher.match(spots(0, 0, 1), spots(12, -7, 1));

    assertMostly(
        matches, match -> Math.hypot(match.xB() - match.xA() - 12, match.yB() - match.yA() + 7));
  }

  @Test
  void givesPixelsOfTheOriginalImageWhenItReducesIt() {
    SiftMatcher reducing = new SiftMatcher(new SiftOptions(4096, WIDTH, 0.8));

    MatchSet matches = reducing.match(spots(0, 0, 1), spots(0, 0, 2));

    // pixel centres: 0 of the small image lies between 0 and 1 of the one of twice the size
    assertMostly(
        matches,
        match -> Math.hypot(match.xB() - 2 * match.xA() - 0.5, match.yB() - 2 * match.yA() - 0.5));
  }

  @Test
  void ranksByHowMuchNearerTheNearestDescriptorIs() {
    MatchSet matches = matcher.match(spots(0, 0, 1), spots(5, 3, 1));

    for (Correspondence match : matches.correspondences()) {
      assertTrue(match.confidence() > 0.2 - 1e-6 && match.confidence() <= 1);
    }
  }

  @Test
  void saysEachPairOfPixelsOnce() {
    // one place can carry two features of different orientation
    MatchSet matches = matcher.match(spots(0, 0, 1), spots(5, 3, 1));

    assertEquals(
        matches.size(),
        matches.correspondences().stream().map(SiftMatcherTest::pixels).distinct().count());
  }

  @Test
  void givesTheSameMatchesAgain() {
    assertEquals(
        matcher.match(spots(0, 0, 1), spots(5, 3, 1)),
        matcher.match(spots(0, 0, 1), spots(5, 3, 1)));
  }

  @Test
  void findsNothingInAnImageOfOneColour() {
    RgbImage grey = new RgbImage(WIDTH, HEIGHT, new byte[3 * WIDTH * HEIGHT]);

    assertEquals(0, matcher.match(grey, grey).size());
    assertEquals(0, matcher.match(grey, spots(0, 0, 1)).size());
    assertEquals(0, matcher.match(spots(0, 0, 1), grey).size());
  }

  /** The spots overlap: at the edges of the image a few features look alike by chance. */
  private static void assertMostly(MatchSet matches, ToDoubleFunction<Correspondence> errorPx) {
    long exact =
        matches.correspondences().stream()
            .filter(match -> errorPx.applyAsDouble(match) < 0.25)
            .count();
    assertTrue(
        matches.size() > 50 && exact > 0.9 * matches.size(),
        exact + " of " + matches.size() + " matches are within 0.25 px");
  }

  private static List<Double> pixels(Correspondence match) {
    return List.of(match.xA(), match.yA(), match.xB(), match.yB());
  }

  /** Soft spots of random size and brightness, shifted and scaled. */
  private static RgbImage spots(double shiftX, double shiftY, int scale) {
    Random random = new Random(7);
    double[] light = new double[scale * WIDTH * scale * HEIGHT];
    for (int spot = 0; spot < 250; spot++) {
      double x = scale * (WIDTH * random.nextDouble() + shiftX + 0.5) - 0.5;
      double y = scale * (HEIGHT * random.nextDouble() + shiftY + 0.5) - 0.5;
      double radius = scale * (2 + 5 * random.nextDouble());
      double stretch = 0.5 + random.nextDouble();
      double gain = 160 * random.nextDouble() - 80;
      addSpot(light, scale * WIDTH, scale * HEIGHT, x, y, radius, stretch, gain);
    }
    byte[] rgb = new byte[3 * light.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.max(0, Math.min(255, Math.round(128 + light[i / 3])));
    }
    return new RgbImage(scale * WIDTH, scale * HEIGHT, rgb);
  }

  private static void addSpot(
      double[] light,
      int width,
      int height,
      double centreX,
      double centreY,
      double radius,
      double stretch,
      double gain) {
    int reach = (int) (5 * radius);
    for (int y = floor(centreY, -reach, height); y < floor(centreY, reach, height); y++) {
      for (int x = floor(centreX, -reach, width); x < floor(centreX, reach, width); x++) {
        double dx = (x - centreX) / radius;
        double dy = (y - centreY) / (radius * stretch);
        light[y * width + x] += gain * Math.exp(-(dx * dx + dy * dy) / 2);
      }
    }
  }

  private static int floor(double centre, int offset, int size) {
    return Math.max(0, Math.min(size, (int) Math.floor(centre) + offset));
  }
}
