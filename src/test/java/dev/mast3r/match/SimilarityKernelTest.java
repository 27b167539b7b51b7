package dev.mast3r.match;

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
