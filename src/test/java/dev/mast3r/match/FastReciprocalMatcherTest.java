package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.error.InputException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FastReciprocalMatcherTest {

  static Stream<Arguments> mapPairs() {
    return Stream.of(
        Arguments.of(
            "random",
            SyntheticDescriptors.random(40, 30, 24, 1),
            SyntheticDescriptors.random(37, 33, 24, 2)),
        Arguments.of(
            "smooth",
            SyntheticDescriptors.view(48, 40, 24, 5, 2, 1.0, 16, 0.0, 1),
            SyntheticDescriptors.view(50, 36, 24, 5, 6, 1.1, 16, 0.0, 2)),
        Arguments.of(
            "smooth and noisy",
            SyntheticDescriptors.view(48, 40, 24, 5, 2, 1.0, 16, 0.05, 1),
            SyntheticDescriptors.view(50, 36, 24, 5, 6, 1.1, 16, 0.05, 2)),
        Arguments.of(
            "of many ties",
            SyntheticDescriptors.tied(40, 30, 3, 3, 1),
            SyntheticDescriptors.tied(40, 30, 3, 3, 2)),
        Arguments.of(
            "of one value",
            SyntheticDescriptors.tied(20, 20, 5, 1, 1),
            SyntheticDescriptors.tied(20, 20, 5, 1, 1)),
        Arguments.of(
            "of norms from 0.01 to 100",
            SyntheticDescriptors.scaled(40, 30, 7, 1),
            SyntheticDescriptors.scaled(30, 40, 7, 2)),
        Arguments.of(
            "of dimension 1",
            SyntheticDescriptors.scaled(20, 20, 1, 1),
            SyntheticDescriptors.scaled(20, 20, 1, 2)),
        Arguments.of(
            "of dimension 64",
            SyntheticDescriptors.random(20, 20, 64, 1),
            SyntheticDescriptors.random(20, 20, 64, 2)),
        Arguments.of(
            "one pixel high",
            SyntheticDescriptors.view(300, 1, 24, 5, 2, 1.0, 16, 0.01, 1),
            SyntheticDescriptors.view(200, 1, 24, 5, 6, 1.0, 16, 0.01, 2)),
        Arguments.of(
            "of one pixel in A",
            SyntheticDescriptors.random(1, 1, 24, 1),
            SyntheticDescriptors.random(9, 7, 24, 2)),
        Arguments.of(
            "of one pixel in B",
            SyntheticDescriptors.random(9, 7, 24, 1),
            SyntheticDescriptors.random(1, 1, 24, 2)),
        Arguments.of(
            "of the same image",
            SyntheticDescriptors.random(33, 17, 24, 1),
            SyntheticDescriptors.random(33, 17, 24, 1)));
  }

  @ParameterizedTest(name = "maps {0}")
  @MethodSource("mapPairs")
  void findsWhatTheReferenceFindsForAnyNumberOfThreads(
      String kind, DescriptorMap a, DescriptorMap b) {
    for (int subsample : new int[] {1, 5, 8}) {
      String expected = describe(new ExhaustiveReciprocalMatcher().match(a, b, subsample));
      for (KernelChoice kernel : List.of(KernelChoice.SCALAR, KernelChoice.AUTO)) {
        for (int threads : new int[] {1, 2, 7}) {
          assertEquals(
              expected,
              describe(
                  new FastReciprocalMatcher(threads, kernel, SeedImages.A).match(a, b, subsample)),
              () -> kind + ", subsample " + subsample + ", " + threads + " threads, " + kernel);
        }
      }
    }
  }

  @Test
  void pointsFarBelowUnitNormAreComparedExactly() {
    float[] values = new float[64 * 64 * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i) * 1e-22f;
    }
    DescriptorMap map = new DescriptorMap(64, 64, 2, values);

    assertEquals(
        describe(new ExhaustiveReciprocalMatcher().match(map, map, 3)),
        describe(new FastReciprocalMatcher(2).match(map, map, 3)));
  }

  @Test
  void takesTheLowestPixelOfManyTilesThatTie() {
    float[] b = new float[256 * 2];
    for (int pixel = 0; pixel < 256; pixel++) {
      b[2 * pixel] = pixel == 0 ? 0.5f : 1;
    }
    DescriptorMap mapB = new DescriptorMap(256, 1, 2, b);
    DescriptorMap mapA = new DescriptorMap(1, 1, 2, new float[] {1, 0});

    PixelMatches matches = new FastReciprocalMatcher(1).match(mapA, mapB, 1);

    assertEquals("0-1", describe(matches));
  }

  @Test
  void seedsOfAnImageSmallerThanHalfAStepGiveNothing() {
    DescriptorMap map = SyntheticDescriptors.random(4, 4, 24, 1);

    assertEquals(0, new FastReciprocalMatcher(2).match(map, map, 10).size());
  }

  @Test
  void refusesADescriptorThatIsNoNumber() {
    DescriptorMap good = SyntheticDescriptors.random(5, 4, 3, 1);
    float[] values = good.toArray();
    values[(2 * 5 + 3) * 3 + 1] = Float.NaN;
    DescriptorMap bad = new DescriptorMap(5, 4, 3, values);

    InputException failure =
        assertThrows(InputException.class, () -> new FastReciprocalMatcher(1).match(good, bad, 1));

    assertEquals("descriptor map B is not finite at pixel (3, 2)", failure.getMessage());
  }

  @Test
  void refusesADescriptorWhoseDotProductsWouldOverflow() {
    DescriptorMap bad = new DescriptorMap(1, 1, 2, new float[] {3e19f, 0});

    InputException failure =
        assertThrows(InputException.class, () -> new FastReciprocalMatcher(1).match(bad, bad, 1));

    assertTrue(failure.getMessage().startsWith("descriptor map A is not finite"));
  }

  @Test
  void refusesMapsOfDifferentDimension() {
    DescriptorMap a = SyntheticDescriptors.random(5, 4, 3, 1);
    DescriptorMap b = SyntheticDescriptors.random(5, 4, 4, 1);

    assertThrows(IllegalArgumentException.class, () -> new FastReciprocalMatcher(1).match(a, b, 1));
  }

  @Test
  void maskedPixelsNeitherSeedNorAnswer() {
    DescriptorMap a = SyntheticDescriptors.view(40, 30, 24, 5, 2, 1.0, 16, 0.02, 1);
    DescriptorMap b = SyntheticDescriptors.view(37, 33, 24, 5, 6, 1.1, 16, 0.02, 2);
    PixelMask maskA = PixelMask.of(40, 30, index -> index % 40 < 25 && index % 7 != 0);
    PixelMask maskB = PixelMask.of(37, 33, index -> index % 3 != 1);

    for (int subsample : new int[] {1, 3}) {
      PixelMatches matches = new FastReciprocalMatcher(2).match(a, b, subsample, maskA, maskB);

      assertEquals(
          describe(new ExhaustiveReciprocalMatcher().match(a, b, subsample, maskA, maskB)),
          describe(matches));
      assertTrue(matches.size() > 10, "so few matches test nothing: " + matches.size());
      for (int i = 0; i < matches.size(); i++) {
        assertTrue(maskA.allows(matches.indexA(i)) && maskB.allows(matches.indexB(i)));
      }
    }
  }

  @Test
  void aMaskThatAllowsNothingGivesNothing() {
    DescriptorMap map = SyntheticDescriptors.random(20, 10, 24, 1);
    PixelMask all = PixelMask.all(20, 10);
    PixelMask none = PixelMask.of(20, 10, index -> false);
    FastReciprocalMatcher matcher =
        new FastReciprocalMatcher(2, KernelChoice.AUTO, SeedImages.BOTH);

    assertEquals(0, matcher.match(map, map, 1, all, none).size());
    assertEquals(0, matcher.match(map, map, 1, none, all).size());
  }

  @Test
  void whatIsMaskedNeedNotBeFinite() {
    float[] values = SyntheticDescriptors.random(5, 4, 3, 1).toArray();
    values[7 * 3] = Float.NaN;
    DescriptorMap map = new DescriptorMap(5, 4, 3, values);
    PixelMask mask = PixelMask.of(5, 4, index -> index != 7);

    assertEquals(19, new FastReciprocalMatcher(1).match(map, map, 1, mask, mask).size());
  }

  @Test
  void seedsInBothImagesGiveWhatTheyGiveOneByOne() {
    DescriptorMap a = SyntheticDescriptors.view(48, 40, 24, 5, 2, 1.0, 16, 0.05, 1);
    DescriptorMap b = SyntheticDescriptors.view(50, 36, 24, 5, 6, 1.1, 16, 0.05, 2);
    ReciprocalMatcher reference = new ExhaustiveReciprocalMatcher();
    PixelMatches forward = reference.match(a, b, 6);
    PixelMatches backward = reference.match(b, a, 6);
    TreeSet<Long> expected = new TreeSet<>();
    for (int i = 0; i < forward.size(); i++) {
      expected.add(((long) forward.indexA(i) << 32) + forward.indexB(i));
    }
    int fromA = expected.size();
    for (int i = 0; i < backward.size(); i++) {
      expected.add(((long) backward.indexB(i) << 32) + backward.indexA(i));
    }

    PixelMatches both =
        new FastReciprocalMatcher(2, KernelChoice.AUTO, SeedImages.BOTH).match(a, b, 6);

    assertTrue(expected.size() > fromA, "seeds in B must add something");
    assertEquals(
        new PixelMatches(
            expected.stream().mapToInt(pair -> (int) (pair >> 32)).toArray(),
            expected.stream().mapToInt(Long::intValue).toArray()),
        both);
  }

  @Test
  void basinsLeadToTheMatches() {
    DescriptorMap a = SyntheticDescriptors.view(48, 40, 24, 5, 2, 1.0, 16, 0.05, 1);
    DescriptorMap b = SyntheticDescriptors.view(50, 36, 24, 5, 6, 1.1, 16, 0.05, 2);
    PixelMask maskA = PixelMask.all(48, 40);
    PixelMask maskB = PixelMask.all(50, 36);
    FastReciprocalMatcher matcher = new FastReciprocalMatcher(2);
    PixelMatches matches = matcher.match(a, b, 4);

    ConvergenceBasins basins = matcher.basins(a, b, 4, maskA, maskB);

    TreeSet<Integer> roots = new TreeSet<>();
    for (int seed : new SeedGrid(maskA, maskB, 4, SeedImages.A).inA()) {
      roots.add(basins.root(seed));
    }
    assertEquals(
        IntStream.range(0, matches.size()).map(matches::indexA).boxed().toList(),
        List.copyOf(roots));
    for (int pixel = 0; pixel < 48 * 40; pixel++) {
      int next = basins.next(pixel);
      assertTrue(next == -1 || basins.root(pixel) == basins.root(next));
    }
  }

  private static String describe(PixelMatches matches) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < matches.size(); i++) {
      text.append(i == 0 ? "" : " ")
          .append(matches.indexA(i))
          .append('-')
          .append(matches.indexB(i));
    }
    return text.toString();
  }
}
