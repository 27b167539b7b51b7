package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

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
  void manySeedsAreMatchedByAnotherKernelThanFew() {
    ColdReciprocalMatcher matcher = new ColdReciprocalMatcher(1, KernelChoice.AUTO, SeedImages.A);
    DescriptorMap small = new DescriptorMap(160, 120, 1, new float[160 * 120]);
    DescriptorMap large = new DescriptorMap(512, 384, 1, new float[512 * 384]);

    FastReciprocalMatcher ofFew = matcher.matcherOf(large, 8);

    assertSame(ofFew, matcher.matcherOf(small, 2));
    assertSame(ofFew, matcher.matcherOf(large, 4));
    assertNotSame(ofFew, matcher.matcherOf(large, 1));
    assertSame(matcher.matcherOf(large, 1), matcher.matcherOf(small, 1));
  }

  @Test
  void aKernelThatIsNamedServesAnyNumberOfSeeds() {
    ColdReciprocalMatcher matcher = new ColdReciprocalMatcher(1, KernelChoice.SCALAR, SeedImages.A);
    DescriptorMap map = new DescriptorMap(160, 120, 1, new float[160 * 120]);

    assertSame(matcher.matcherOf(map, 8), matcher.matcherOf(map, 1));
  }
}
