package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.dense.DescriptorMap;
import org.junit.jupiter.api.Test;

class SimilarityPeakTest {

  private static final int SIDE = 20;

  private final SimilarityPeak peak = new SimilarityPeak();

  /** With {@link #constant} on the other side, the similarity is this hill with its top at x, y. */
  private static DescriptorMap hill(double topX, double topY) {
    float[] values = new float[SIDE * SIDE * 2];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double dx = x - topX;
        double dy = y - topY;
        values[2 * (y * SIDE + x)] = (float) -(2 * dx * dx + dy * dy + dx * dy);
      }
    }
    return new DescriptorMap(SIDE, SIDE, 2, values);
  }

  private static DescriptorMap constant() {
    float[] values = new float[SIDE * SIDE * 2];
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      values[2 * pixel] = 1;
    }
    return new DescriptorMap(SIDE, SIDE, 2, values);
  }

  private static int pixel(int x, int y) {
    return y * SIDE + x;
  }

  /** A's own hill is flat, so that its end stays. */
  @Test
  void movesHalfTheWayToTheTopOfTheHill() {
    Correspondence placed = peak.place(constant(), pixel(4, 5), hill(10.3, 7.8), pixel(10, 8), 0.7);

    assertEquals(4, placed.xA());
    assertEquals(5, placed.yA());
    assertEquals(10.15, placed.xB(), 1e-5);
    assertEquals(7.9, placed.yB(), 1e-5);
    assertEquals(0.7, placed.confidence());
  }

  @Test
  void movesTheEndInALikewise() {
    Correspondence placed = peak.place(hill(10.3, 7.8), pixel(10, 8), constant(), pixel(4, 5), 0.7);

    assertEquals(10.15, placed.xA(), 1e-5);
    assertEquals(7.9, placed.yA(), 1e-5);
    assertEquals(4, placed.xB());
  }

  @Test
  void staysAtTheBorderAndWhereTheTopIsFarAway() {
    assertEquals(
        new Correspondence(0, 0, 0, 5, 1), peak.place(constant(), 0, hill(0.3, 5), pixel(0, 5), 1));
    assertEquals(10, peak.place(constant(), 0, hill(13, 8), pixel(10, 8), 1).xB());
  }

  /** B shows what A shows 0.4 pixels farther right and 0.2 farther down. */
  @Test
  void placesMatchesOfShiftedViewsBetterThanWholePixelsDo() {
    DescriptorMap a = SyntheticDescriptors.view(48, 48, 24, 7, 1, 1, 8, 0, 1);
    DescriptorMap b = SyntheticDescriptors.view(48, 48, 24, 7, 1.4, 1, 8, 0, 2);
    PixelMatches matches = new ExhaustiveReciprocalMatcher().match(a, b, 4);

    double atPixels = 0;
    double atPeaks = 0;
    for (int i = 0; i < matches.size(); i++) {
      int pixelA = matches.indexA(i);
      int pixelB = matches.indexB(i);
      int rowA = pixelA / 48;
      int rowB = pixelB / 48;
      atPixels += error(new Correspondence(pixelA % 48, rowA, pixelB % 48, rowB, 1));
      atPeaks += error(peak.place(a, pixelA, b, pixelB, 1));
    }

    assertTrue(matches.size() > 100, matches.size() + " matches");
    assertTrue(atPeaks < 0.5 * atPixels, atPeaks + " px, at pixels " + atPixels + " px");
  }

  private static double error(Correspondence match) {
    return Math.hypot(match.xB() + 0.4 - match.xA(), match.yB() + 0.2 - match.yA());
  }
}
