package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.PACK;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every kernel must do, bit by bit. */
class SimilarityKernelTest {

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"SCALAR", "VECTOR"})
  void sumsEachPairAsTheReferenceDoes(KernelChoice choice) {
    SimilarityKernel kernel = kernel(choice);
    for (int dimension : new int[] {1, 2, 3, 7, 16, 24, 26, 63, 64}) {
      Random random = new Random(dimension);
      float[] queries = gaussians(random, 6 * dimension);
      float[] points = gaussians(random, 3 * 16 * dimension);
      int[] members = {5, 9, 0, 3, 3, 5};
      float[] similarities = new float[64];

      kernel.compare(
          queries,
          dimension,
          members,
          2,
          dimension,
          points,
          16 * dimension,
          new float[6],
          similarities);

      float[] expected = new float[64];
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 16; j++) {
          float[] point = new float[dimension];
          for (int k = 0; k < dimension; k++) {
            point[k] = points[(dimension + k) * 16 + j];
          }
          expected[i * 16 + j] =
              ExhaustiveReciprocalMatcher.similarity(
                  new DescriptorMap(6, 1, dimension, queries),
                  members[2 + i],
                  new DescriptorMap(1, 1, dimension, point),
                  0);
        }
      }
      assertArrayEquals(expected, similarities, "dimension " + dimension);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"SCALAR", "VECTOR"})
  void tellsWhichQueriesReachTheirThreshold(KernelChoice choice) {
    SimilarityKernel kernel = kernel(choice);
    float[] queries = {1, 2, 3, 4};
    float[] points = new float[16];
    for (int lane = 0; lane < 16; lane++) {
      Arrays.fill(points, -1);
      points[lane] = 0.5f;

      int reached =
          kernel.compare(
              queries,
              1,
              new int[] {0, 1, 2, 3},
              0,
              1,
              points,
              0,
              new float[] {0.5f, 1.1f, Float.NEGATIVE_INFINITY, 2},
              new float[64]);

      assertEquals(0b1101, reached, "lane " + lane);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"SCALAR", "VECTOR"})
  void readsItsQueriesFromLongerRows(KernelChoice choice) {
    SimilarityKernel kernel = kernel(choice);
    float[] points = new float[32];
    Arrays.fill(points, 1);
    float[] similarities = new float[64];

    kernel.compare(
        new float[] {1, 2, 100, 3, 4, 100},
        3,
        new int[] {0, 1, 0, 1},
        0,
        2,
        points,
        0,
        new float[2],
        similarities);

    float[] expected = new float[64];
    Stream.of(0, 1, 2, 3)
        .forEach(i -> Arrays.fill(expected, i * 16, (i + 1) * 16, i % 2 == 0 ? 3 : 7));
    assertArrayEquals(expected, similarities);
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"SCALAR", "VECTOR"})
  void comparesPairsAsItComparesBlocks(KernelChoice choice) {
    SimilarityKernel kernel = kernel(choice);
    for (int dimension : new int[] {1, 7, 24, 65}) {
      Random random = new Random(dimension);
      float[] queries = gaussians(random, 5 * dimension);
      float[] points = gaussians(random, 4 * 16 * dimension);
      float[] thresholds = gaussians(random, 5);
      int[] members = {9, 4, 0, 2, 4};
      int[] groups = {9, 48 * dimension, 0, 16 * dimension, 48 * dimension};
      float[] similarities = new float[64];

      int reached =
          kernel.comparePairs(
              queries, dimension, members, groups, 1, dimension, points, thresholds, similarities);

      int[] rest = Arrays.copyOfRange(members, 1, 5);
      for (int i = 0; i < 4; i++) {
        float[] block = new float[64];
        int reachedByBlock =
            kernel.compare(
                queries, dimension, rest, 0, dimension, points, groups[i + 1], thresholds, block);
        assertArrayEquals(
            Arrays.copyOfRange(block, 16 * i, 16 * i + 16),
            Arrays.copyOfRange(similarities, 16 * i, 16 * i + 16));
        assertEquals(reachedByBlock >> i & 1, reached >> i & 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"SCALAR", "VECTOR"})
  void findsTheConesWithinReach(KernelChoice choice) {
    SimilarityKernel kernel = kernel(choice);
    int dimension = 5;
    int size = dimension + 2;
    for (int step : new int[] {4, 16}) {
      Random random = new Random(3);
      float[] cones = gaussians(random, 9 + size * step);
      float[] directions = gaussians(random, PACK * size);
      float[] largest = new float[PACK];
      int[] nearest = new int[PACK];
      int[] reached = new int[PACK];

      kernel.keepNearest(cones, 7, step, dimension, directions, 50, largest, nearest);
      int any = kernel.within(cones, 7, step, size, directions, 0.25f, reached);

      for (int i = 0; i < PACK; i++) {
        float expectedLargest = 0;
        int expectedNearest = 0;
        for (int cone = 0; cone < 4; cone++) {
          float cosine = 0;
          for (int k = 0; k < dimension; k++) {
            cosine += cones[7 + k * step + cone] * directions[k * PACK + i];
          }
          expectedNearest = cosine > expectedLargest ? 50 + cone : expectedNearest;
          expectedLargest = Math.max(expectedLargest, cosine);
          float excess = cosine;
          for (int k = dimension; k < size; k++) {
            excess += cones[7 + k * step + cone] * directions[k * PACK + i];
          }
          assertEquals(excess >= 0.25f, (reached[i] >> cone & 1) == 1, cone + ", " + i);
        }
        assertEquals(0, reached[i] >>> 4);
        assertEquals(expectedLargest, largest[i], 1e-5f);
        assertEquals(expectedNearest, nearest[i]);
      }
      assertEquals(Arrays.stream(reached).reduce(0, (a, b) -> a | b), any);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelChoice.class,
      names = {"SCALAR", "VECTOR"})
  void findsWhichOfABlockOfConesEachDirectionReaches(KernelChoice choice) {
    SimilarityKernel kernel = kernel(choice);
    for (int size : new int[] {1, 3, 26}) {
      Random random = new Random(size);
      float[] rows = gaussians(random, 7 * size);
      float[] cones = gaussians(random, 2 * 16 * size);
      int[] members = {6, 3, 0, 2, 6, 5, 1, 4, 1, 2, 0, 0, 0, 0, 0, 0};
      long[] reached = new long[5];
      reached[4] = -7;

      kernel.reach(rows, members, 10, size, cones, 16 * size, 0.25f, reached);

      for (int i = 0; i < 10; i++) {
        for (int cone = 0; cone < 16; cone++) {
          float sum = 0;
          for (int k = 0; k < size; k++) {
            sum += rows[members[i] * size + k] * cones[(size + k) * 16 + cone];
          }
          long bit = reached[i / 4] >> (16 * (i % 4) + cone) & 1;
          assertEquals(sum >= 0.25f, bit == 1, i + ", " + cone);
        }
      }
      assertEquals(-7, reached[4]);
    }
  }

  private static SimilarityKernel kernel(KernelChoice choice) {
    assumeTrue(
        choice == KernelChoice.SCALAR || KernelChoice.vectorIsAvailable(),
        "skipped: Java was started without " + VectorModule.NAME);
    return choice.kernel();
  }

  private static float[] gaussians(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
