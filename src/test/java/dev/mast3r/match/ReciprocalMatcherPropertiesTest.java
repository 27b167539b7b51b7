package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.error.InputException;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What appendix B of arXiv 2406.09756 proves, on maps of all kinds. */
class ReciprocalMatcherPropertiesTest {

  private static final int DIMENSION = 6;

  @Provide
  Arbitrary<DescriptorMap> maps() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 30),
            Arbitraries.integers().between(1, 20),
            Arbitraries.integers().between(0, 3),
            Arbitraries.longs())
        .as(
            (width, height, kind, seed) ->
                switch (kind) {
                  case 0 -> SyntheticDescriptors.random(width, height, DIMENSION, seed);
                  case 1 -> SyntheticDescriptors.tied(width, height, DIMENSION, 3, seed);
                  case 2 -> SyntheticDescriptors.scaled(width, height, DIMENSION, seed);
                  default ->
                      SyntheticDescriptors.view(width, height, DIMENSION, 9, 2, 1, 8, 0.02, seed);
                });
  }

  @Property(tries = 150)
  void everyMatchIsReciprocal(
      @ForAll("maps") DescriptorMap a,
      @ForAll("maps") DescriptorMap b,
      @ForAll @IntRange(min = 1, max = 9) int subsample) {
    PixelMatches matches = new FastReciprocalMatcher(1).match(a, b, subsample);

    for (int i = 0; i < matches.size(); i++) {
      assertEquals(matches.indexB(i), nearest(a, matches.indexA(i), b));
      assertEquals(matches.indexA(i), nearest(b, matches.indexB(i), a));
    }
  }

  @Property(tries = 150)
  void aSeedGivesAtMostOneMatchAndAPixelIsMatchedAtMostOnce(
      @ForAll("maps") DescriptorMap a,
      @ForAll("maps") DescriptorMap b,
      @ForAll @IntRange(min = 1, max = 9) int subsample) {
    PixelMatches matches = new FastReciprocalMatcher(1).match(a, b, subsample);

    assertTrue(matches.size() <= seeds(a, b, subsample));
    boolean[] takenB = new boolean[b.width() * b.height()];
    for (int i = 0; i < matches.size(); i++) {
      assertTrue(i == 0 || matches.indexA(i - 1) < matches.indexA(i));
      assertTrue(!takenB[matches.indexB(i)]);
      takenB[matches.indexB(i)] = true;
    }
  }

  @Property(tries = 100)
  void threadsDoNotChangeTheResult(
      @ForAll("maps") DescriptorMap a,
      @ForAll("maps") DescriptorMap b,
      @ForAll @IntRange(min = 2, max = 7) int threads) {
    assertEquals(
        new FastReciprocalMatcher(1).match(a, b, 2),
        new FastReciprocalMatcher(threads).match(a, b, 2));
  }

  @Property(tries = 50)
  void similarityNeverFallsAlongAPath(
      @ForAll("maps") DescriptorMap a, @ForAll("maps") DescriptorMap b) {
    int u = 0;
    float before = Float.NEGATIVE_INFINITY;
    for (int hop = 0; hop < 10; hop++) {
      int v = nearest(a, u, b);
      float there = ExhaustiveReciprocalMatcher.similarity(a, u, b, v);
      u = nearest(b, v, a);
      float back = ExhaustiveReciprocalMatcher.similarity(b, v, a, u);
      assertTrue(before <= there && there <= back, before + " <= " + there + " <= " + back);
      before = back;
    }
  }

  @Property(tries = 100)
  void findsWhatTheReferenceFindsBehindAnyMasks(
      @ForAll("maps") DescriptorMap a,
      @ForAll("maps") DescriptorMap b,
      @ForAll @IntRange(min = 1, max = 9) int subsample,
      @ForAll @IntRange(min = 0, max = 4) int share,
      @ForAll long seed) {
    PixelMask maskA = mask(a, share, seed);
    PixelMask maskB = mask(b, 4 - share, seed + 1);

    assertEquals(
        new ExhaustiveReciprocalMatcher().match(a, b, subsample, maskA, maskB),
        new FastReciprocalMatcher(2).match(a, b, subsample, maskA, maskB));
  }

  @Property(tries = 50)
  void aDescriptorThatIsNoNumberIsRefusedWhereverItIs(
      @ForAll("maps") DescriptorMap a,
      @ForAll("maps") DescriptorMap b,
      @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int place,
      @ForAll boolean inB) {
    DescriptorMap good = inB ? b : a;
    float[] values = good.toArray();
    int at = place % values.length;
    values[at] = Float.NaN;
    DescriptorMap bad = new DescriptorMap(good.width(), good.height(), DIMENSION, values);
    FastReciprocalMatcher matcher = new FastReciprocalMatcher(2);

    InputException failure =
        assertThrows(InputException.class, () -> matcher.match(inB ? a : bad, inB ? bad : b, 1));

    int pixel = at / DIMENSION;
    assertEquals(
        String.format(
            "descriptor map %s is not finite at pixel (%d, %d)",
            inB ? "B" : "A", pixel % good.width(), pixel / good.width()),
        failure.getMessage());
  }

  /** Allows about so many quarters of the pixels: none, some or all. */
  private static PixelMask mask(DescriptorMap map, int quarters, long seed) {
    Random random = new Random(seed);
    return PixelMask.of(map.width(), map.height(), index -> random.nextInt(4) < quarters);
  }

  private static int seeds(DescriptorMap a, DescriptorMap b, int subsample) {
    PixelMask maskA = PixelMask.all(a.width(), a.height());
    PixelMask maskB = PixelMask.all(b.width(), b.height());
    return new SeedGrid(maskA, maskB, subsample, SeedImages.A).inA().length;
  }

  private static int nearest(DescriptorMap from, int query, DescriptorMap to) {
    try (WorkerTeam team = new WorkerTeam(1)) {
      PixelMask all = PixelMask.all(to.width(), to.height());
      SimilarityKernel kernel = KernelChoice.AUTO.kernel();
      NearestNeighbourIndex index = NearestNeighbourIndex.of(to, all, team);
      int[] answers = {-1};
      new NearestNeighbourSearch(index, from, kernel).search(new int[] {query}, 0, 1, answers);
      return answers[0];
    }
  }
}
