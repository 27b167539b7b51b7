package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.error.InputException;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.EngineMatcher;
import dev.mast3r.model.EngineOptions;
import dev.mast3r.model.Precision;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine's twin of the matchers in Java, on a CPU. */
class EngineMatcherTest {

  private static final EngineOptions OPTIONS =
      new EngineOptions(DeviceChoice.CPU, Precision.AUTO, 1);

  private static EngineMatcher fromA;
  private static EngineMatcher fromBoth;

  @BeforeAll
  static void open() {
    fromA = EngineMatcher.open(OPTIONS, SeedImages.A);
    fromBoth = EngineMatcher.open(OPTIONS, SeedImages.BOTH);
  }

  @AfterAll
  static void close() {
    fromA.close();
    fromBoth.close();
  }

  static Stream<Arguments> mapPairs() {
    return FastReciprocalMatcherTest.mapPairs();
  }

  @ParameterizedTest(name = "maps {0}")
  @MethodSource("mapPairs")
  void findsWhatTheMatcherInJavaFinds(String kind, DescriptorMap a, DescriptorMap b) {
    for (int subsample : new int[] {1, 5, 8}) {
      assertEquals(
          new FastReciprocalMatcher(1).match(a, b, subsample), fromA.match(a, b, subsample), kind);
      assertEquals(
          new FastReciprocalMatcher(1, KernelChoice.AUTO, SeedImages.BOTH).match(a, b, subsample),
          fromBoth.match(a, b, subsample),
          kind);
    }
  }

  @Test
  void maskedPixelsNeitherSeedNorAnswer() {
    DescriptorMap a = SyntheticDescriptors.view(40, 30, 24, 5, 2, 1.0, 16, 0.02, 1);
    DescriptorMap b = SyntheticDescriptors.view(37, 33, 24, 5, 6, 1.1, 16, 0.02, 2);
    PixelMask maskA = PixelMask.of(40, 30, index -> index % 40 < 25 && index % 7 != 0);
    PixelMask maskB = PixelMask.of(37, 33, index -> index % 3 != 1);
    PixelMask none = PixelMask.of(37, 33, index -> false);

    PixelMatches found = fromA.match(a, b, 2, maskA, maskB);

    assertTrue(found.size() > 10, "so few matches test nothing: " + found.size());
    assertEquals(new ExhaustiveReciprocalMatcher().match(a, b, 2, maskA, maskB), found);
    assertEquals(0, fromBoth.match(a, b, 1, maskA, none).size());
  }

  @Test
  void refusesADescriptorThatIsNoNumberUnlessItIsMasked() {
    DescriptorMap good = SyntheticDescriptors.random(5, 4, 3, 1);
    float[] values = good.toArray();
    values[(2 * 5 + 3) * 3 + 1] = Float.NaN;
    DescriptorMap bad = new DescriptorMap(5, 4, 3, values);
    PixelMask others = PixelMask.of(5, 4, index -> index != 13);

    InputException failure = assertThrows(InputException.class, () -> fromA.match(good, bad, 1));

    assertEquals("descriptor map B is not finite at pixel (3, 2)", failure.getMessage());
    assertEquals(
        new FastReciprocalMatcher(1).match(good, bad, 1, others, others),
        fromA.match(good, bad, 1, others, others));
  }

  @Test
  void refusesMapsThatDoNotFit() {
    DescriptorMap a = SyntheticDescriptors.random(5, 4, 3, 1);
    DescriptorMap b = SyntheticDescriptors.random(5, 4, 4, 1);

    assertThrows(IllegalArgumentException.class, () -> fromA.match(a, b, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> fromA.match(a, a, 1, PixelMask.all(4, 5), PixelMask.all(5, 4)));
  }
}
