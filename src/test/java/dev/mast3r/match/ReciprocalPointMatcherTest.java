package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.error.InputException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReciprocalPointMatcherTest {

  private static final int WIDTH = 40;
  private static final int HEIGHT = 25;

  @Test
  void findsEveryMutualPairFromAllPixels() {
    for (int levels : new int[] {1_000_000, 12, 1}) {
      Pointmap a = points(1, levels);
      Pointmap b = points(2, levels);
      PixelMask maskA = PixelMask.of(WIDTH, HEIGHT, index -> index % 5 != 2);
      PixelMask maskB = PixelMask.of(WIDTH, HEIGHT, index -> index % 11 != 3);
      TreeMap<Integer, Integer> expected = new TreeMap<>();
      for (int i = 0; i < WIDTH * HEIGHT; i++) {
        if (maskA.allows(i)) {
          int j = nearest(a, i, b, maskB);
          if (nearest(b, j, a, maskA) == i) {
            expected.put(i, j);
          }
        }
      }

      for (int threads : new int[] {1, 2, 7}) {
        PixelMatches matches =
            new ReciprocalPointMatcher(threads, SeedImages.A).match(a, b, 1, maskA, maskB);

        assertEquals(
            new PixelMatches(
                expected.keySet().stream().mapToInt(i -> i).toArray(),
                expected.values().stream().mapToInt(i -> i).toArray()),
            matches);
      }
    }
  }

  @Test
  void everySeedOfAChainEndsAtItsClosestPair() {
    // along a line: from A's 0 to B's 4, to A's 7, to B's 9, to A's 10, and back to B's 9
    Pointmap a = line(10, 0, 7);
    Pointmap b = line(4, 9, 33);
    PixelMask all = PixelMask.all(3, 1);
    PixelMask onlyZero = PixelMask.of(3, 1, index -> index == 1);
    ReciprocalPointMatcher matcher = new ReciprocalPointMatcher(1, SeedImages.A);

    assertEquals(new PixelMatches(new int[] {0}, new int[] {1}), matcher.match(a, b, 1, all, all));
    assertEquals(
        new PixelMatches(new int[] {1}, new int[] {0}), matcher.match(a, b, 1, onlyZero, all));
  }

  @Test
  void refusesAPointThatIsNoNumber() {
    Pointmap bad = new Pointmap(2, 1, new float[] {0, 0, 0, 1, Float.NaN, 1});
    PixelMask all = PixelMask.all(2, 1);
    ReciprocalPointMatcher matcher = new ReciprocalPointMatcher(1, SeedImages.A);

    InputException failure =
        assertThrows(InputException.class, () -> matcher.match(bad, bad, 1, all, all));

    assertEquals("pointmap A is not finite at pixel (1, 0)", failure.getMessage());
  }

  private static Pointmap line(float... x) {
    float[] xyz = new float[3 * x.length];
    for (int i = 0; i < x.length; i++) {
      xyz[3 * i] = x[i];
    }
    return new Pointmap(x.length, 1, xyz);
  }

  /** Random points on a lattice of so many levels an axis: few levels give many ties. */
  private static Pointmap points(long seed, int levels) {
    Random random = new Random(seed);
    float[] xyz = new float[3 * WIDTH * HEIGHT];
    for (int i = 0; i < xyz.length; i++) {
      xyz[i] = random.nextInt(levels) / (float) levels;
    }
    return new Pointmap(WIDTH, HEIGHT, xyz);
  }

  private static int nearest(Pointmap from, int query, Pointmap to, PixelMask mask) {
    int best = -1;
    float bestSquared = Float.POSITIVE_INFINITY;
    for (int j = 0; j < WIDTH * HEIGHT; j++) {
      float dx = (float) (to.get(j).x() - from.get(query).x());
      float dy = (float) (to.get(j).y() - from.get(query).y());
      float dz = (float) (to.get(j).z() - from.get(query).z());
      float squared = dx * dx + dy * dy + dz * dz;
      if (mask.allows(j) && squared < bestSquared) {
        best = j;
        bestSquared = squared;
      }
    }
    return best;
  }
}
