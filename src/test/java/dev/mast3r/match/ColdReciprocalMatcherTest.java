package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mast3r.dense.DescriptorMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColdReciprocalMatcherTest {

  @Test
  void findsTheSameMatchesWithFewSeedsAndWithMany() {
    DescriptorMap a = SyntheticDescriptors.view(160, 120, 24, 5, 2, 1.0, 16, 0.02, 1);
    DescriptorMap b = SyntheticDescriptors.view(160, 120, 24, 5, 6, 1.1, 16, 0.02, 2);
    for (int subsample : List.of(1, 4)) {
      for (SeedImages seeds : SeedImages.values()) {
        assertEquals(
            new FastReciprocalMatcher(2, KernelChoice.AUTO, seeds).match(a, b, subsample),
            new ColdReciprocalMatcher(2, KernelChoice.AUTO, seeds).match(a, b, subsample));
      }
    }
  }

  @Test
  void fewSeedsHaveTheScalarKernelAndManyTheFastest() {
    ColdReciprocalMatcher matcher = new ColdReciprocalMatcher(1, KernelChoice.AUTO, SeedImages.A);
    DescriptorMap small = new DescriptorMap(160, 120, 1, new float[160 * 120]);
    DescriptorMap large = new DescriptorMap(512, 384, 1, new float[512 * 384]);

    assertEquals(KernelChoice.SCALAR, matcher.kernelFor(small, 2));
    assertEquals(KernelChoice.SCALAR, matcher.kernelFor(large, 8));
    assertEquals(KernelChoice.SCALAR, matcher.kernelFor(large, 4));
    assertEquals(KernelChoice.AUTO.resolve(), matcher.kernelFor(large, 1));
    assertEquals(KernelChoice.AUTO.resolve(), matcher.kernelFor(small, 1));
  }

  @Test
  void aKernelThatIsNamedServesAnyNumberOfSeeds() {
    assumeTrue(KernelChoice.vectorIsAvailable());
    ColdReciprocalMatcher matcher = new ColdReciprocalMatcher(1, KernelChoice.VECTOR, SeedImages.A);
    DescriptorMap map = new DescriptorMap(160, 120, 1, new float[160 * 120]);

    assertEquals(KernelChoice.VECTOR, matcher.kernelFor(map, 8));
    assertEquals(KernelChoice.VECTOR, matcher.kernelFor(map, 1));
  }
}
