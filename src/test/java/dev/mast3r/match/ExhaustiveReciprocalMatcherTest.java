package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Examples small enough to follow by hand: unit vectors in the plane, given by their angles. */
class ExhaustiveReciprocalMatcherTest {

  private final ReciprocalMatcher matcher = new ExhaustiveReciprocalMatcher();

  @Test
  void keepsOnlyReciprocalMatches() {
    // B's 12 degrees is nearest to both A's 10 and A's 0, and itself nearest to A's 10
    PixelMatches matches = matcher.match(angles(0, 10, 90), angles(12, 80), 1);

    assertMatches(matches, new int[] {1, 2}, new int[] {0, 1});
  }

  @Test
  void walksFromASeedThatHasNoReciprocalMatchToOneThatHas() {
    // from A's pixel 3 at 0 degrees to B's 4, to A's 7, to B's 9, to A's 10, and back to B's 9
    DescriptorMap a = withOneSeed(3, 60, 10, 7, 0, 50);

    assertMatches(matcher.match(a, angles(4, 9, 70), 5), new int[] {pixel(3, 5, 1)}, new int[] {1});
  }

  @Test
  void dropsASeedThatIsStillMovingAfterTenRoundTrips() {
    // shrinking steps lead every hop on to the end, the pair (A's 12, B's 12)
    double[] inA = new double[13];
    double[] inB = new double[13];
    double angle = 0;
    double step = 3;
    for (int i = 0; i < 13; i++) {
      inA[i] = angle;
      angle += step;
      inB[i] = angle;
      angle += 0.95 * step;
      step *= 0.95 * 0.95;
    }

    PixelMatches tenTripsAway = matcher.match(withOneSeed(3, inA), angles(inB), 13);
    PixelMatches elevenTripsAway = matcher.match(withOneSeed(2, inA), angles(inB), 13);

    assertMatches(tenTripsAway, new int[] {pixel(3, 13, 12)}, new int[] {12});
    assertEquals(0, elevenTripsAway.size());
  }

  @Test
  void takesTheLowestIndexOfEqualNeighbours() {
    PixelMatches matches = matcher.match(angles(30, 30), angles(80, 30, 30), 1);

    assertMatches(matches, new int[] {0}, new int[] {1});
  }

  @Test
  void startsInTheMiddleOfEachGridCell() {
    DescriptorMap map = SyntheticDescriptors.random(9, 7, 24, 3);

    PixelMatches matches = matcher.match(map, map, 4);

    // x = 2, 6 and y = 2, 6 in rows of 9 pixels; every pixel of equal maps matches itself
    assertMatches(matches, new int[] {20, 24, 56, 60}, new int[] {20, 24, 56, 60});
  }

  private static void assertMatches(PixelMatches matches, int[] indexA, int[] indexB) {
    assertEquals(new PixelMatches(indexA, indexB), matches);
  }

  private static DescriptorMap angles(double... degrees) {
    float[] values = new float[2 * degrees.length];
    for (int i = 0; i < degrees.length; i++) {
      values[2 * i] = (float) Math.cos(Math.toRadians(degrees[i]));
      values[2 * i + 1] = (float) Math.sin(Math.toRadians(degrees[i]));
    }
    return new DescriptorMap(degrees.length, 1, 2, values);
  }

  /**
   * An n x n map whose middle row holds the given n angles, turned around so that number {@code
   * seed} stands in the middle, where the only seed of step n is; the rest points the other way.
   */
  private static DescriptorMap withOneSeed(int seed, double... degrees) {
    int n = degrees.length;
    double[] all = new double[n * n];
    Arrays.fill(all, 180);
    for (int i = 0; i < n; i++) {
      all[pixel(seed, n, i)] = degrees[i];
    }
    return new DescriptorMap(n, n, 2, angles(all).toArray());
  }

  /** Where {@link #withOneSeed} puts angle {@code i} of n. */
  private static int pixel(int seed, int n, int i) {
    return n / 2 * n + Math.floorMod(n / 2 + i - seed, n);
  }
}
