package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.Pointmap;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointMatcherTest {

  private static final int WIDTH = 23;
  private static final int HEIGHT = 17;

  /** A bumpy surface; rounded to a grid it has many points at the same distance. */
  private static Pointmap surface(Random random, double noise, double grid) {
    float[] xyz = new float[3 * WIDTH * HEIGHT];
    for (int i = 0; i < xyz.length; i += 3) {
      int pixel = i / 3;
      int column = pixel % WIDTH;
      int row = pixel / WIDTH;
      double x = (double) column / WIDTH;
      double y = (double) row / HEIGHT;
      double[] point = {x, y, 2 + Math.sin(5 * x) * Math.cos(4 * y)};
      for (int axis = 0; axis < 3; axis++) {
        double value = point[axis] + noise * random.nextGaussian();
        xyz[i + axis] = (float) (grid > 0 ? Math.rint(value / grid) * grid : value);
      }
    }
    return new Pointmap(WIDTH, HEIGHT, xyz);
  }

  private static ConfidenceMap confidence(Random random) {
    float[] values = new float[WIDTH * HEIGHT];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + 10 * random.nextFloat();
    }
    return new ConfidenceMap(WIDTH, HEIGHT, values);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.02, 0, 1", "4, 0.1, 0, 3", "8, 0.5, 0, 0", "1, 0.05, 0.125, 3", "3, 2, 0.5, 9"})
  void findsWhatComparingEveryPointFinds(
      int subsample, double noise, double grid, double minConfidence) {
    for (long seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      Pointmap a = surface(random, noise, grid);
      Pointmap b = surface(random, noise, grid);
      ConfidenceMap confidenceA = confidence(random);
      ConfidenceMap confidenceB = confidence(random);

      PixelMatches found =
          PointMatcher.match(a, b, confidenceA, confidenceB, subsample, minConfidence);

      Exhaustive expected = new Exhaustive(a, b, confidenceA, confidenceB, minConfidence);
      assertEquals(expected.match(subsample), found, "seed " + seed);
      assertTrue(found.size() > 0, "seed " + seed);
    }
  }

  @Test
  void leavesPointsOutThatAreNotFinite() {
    Pointmap whole = surface(new Random(1), 0, 0);
    float[] spoilt = whole.toArray();
    spoilt[3 * 40] = Float.NaN;
    spoilt[3 * 41 + 2] = Float.POSITIVE_INFINITY;
    float[] certain = new float[WIDTH * HEIGHT];
    Arrays.fill(certain, 5);
    ConfidenceMap confidence = new ConfidenceMap(WIDTH, HEIGHT, certain);

    PixelMatches matches =
        PointMatcher.match(
            new Pointmap(WIDTH, HEIGHT, spoilt), whole, confidence, confidence, 1, 3);

    assertEquals(WIDTH * HEIGHT - 2, matches.size());
    for (int i = 0; i < matches.size(); i++) {
      assertEquals(matches.indexA(i), matches.indexB(i));
    }
  }

  @Test
  void findsNothingWhereNoPointIsConfident() {
    Pointmap map = surface(new Random(2), 0.1, 0);
    ConfidenceMap confidence = confidence(new Random(3));

    assertEquals(0, PointMatcher.match(map, map, confidence, confidence, 1, 100).size());
  }

  /** The walk of the definition, by comparing every point with every other. */
  private static final class Exhaustive {

    private final Pointmap a;
    private final Pointmap b;
    private final boolean[] usableA;
    private final boolean[] usableB;

    Exhaustive(
        Pointmap a, Pointmap b, ConfidenceMap confidenceA, ConfidenceMap confidenceB, double min) {
      this.a = a;
      this.b = b;
      this.usableA = usable(confidenceA, min);
      this.usableB = usable(confidenceB, min);
    }

    private static boolean[] usable(ConfidenceMap confidence, double min) {
      boolean[] usable = new boolean[WIDTH * HEIGHT];
      for (int i = 0; i < usable.length; i++) {
        usable[i] = confidence.get(i) >= min;
      }
      return usable;
    }

    PixelMatches match(int subsample) {
      int[] partner = new int[WIDTH * HEIGHT];
      Arrays.fill(partner, -1);
      for (int seed : SeedGrid.of(WIDTH, HEIGHT, subsample)) {
        if (usableA[seed]) {
          int u = seed;
          for (int trip = 0; trip < ReciprocalMatcher.MAX_ROUND_TRIPS; trip++) {
            int v = nearest(a, u, b, usableB);
            int next = nearest(b, v, a, usableA);
            if (next == u) {
              partner[u] = v;
              break;
            }
            u = next;
          }
        }
      }
      int[] indexA = IntStream.range(0, partner.length).filter(i -> partner[i] >= 0).toArray();
      return new PixelMatches(indexA, Arrays.stream(indexA).map(i -> partner[i]).toArray());
    }

    private static int nearest(Pointmap from, int query, Pointmap to, boolean[] usable) {
      int best = -1;
      double bestSquared = Double.POSITIVE_INFINITY;
      for (int i = 0; i < WIDTH * HEIGHT; i++) {
        double dx = from.get(query).x() - to.get(i).x();
        double dy = from.get(query).y() - to.get(i).y();
        double dz = from.get(query).z() - to.get(i).z();
        double squared = dx * dx + dy * dy + dz * dz;
        if (usable[i] && squared < bestSquared) {
          bestSquared = squared;
          best = i;
        }
      }
      return best;
    }
  }
}
