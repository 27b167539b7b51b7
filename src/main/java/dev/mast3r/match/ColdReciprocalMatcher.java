package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;

/**
 * Fast reciprocal matching in a Java that has just started and will match one pair: few seeds are
 * matched by the scalar kernel, as Java's compiler takes longer to be done with the vector kernel
 * than they take; the matches are the same.
 */
final class ColdReciprocalMatcher implements ReciprocalMatcher {

  /** From here on the vector kernel is faster, its compilation included. */
  private static final int MANY_SEEDS = 15_000;

  private final FastReciprocalMatcher ofFew;
  private final FastReciprocalMatcher ofMany;

  /** As {@link FastReciprocalMatcher}; kernels that are named are taken for any number of seeds. */
  ColdReciprocalMatcher(int threads, KernelChoice kernels, SeedImages seedImages) {
    this.ofMany = new FastReciprocalMatcher(threads, kernels, seedImages);
    this.ofFew =
        kernels == KernelChoice.AUTO
            ? new FastReciprocalMatcher(threads, KernelChoice.SCALAR, seedImages)
            : ofMany;
  }

  @Override
  public PixelMatches match(
      DescriptorMap a, DescriptorMap b, int subsample, PixelMask maskA, PixelMask maskB) {
    return matcherOf(a, subsample).match(a, b, subsample, maskA, maskB);
  }

  FastReciprocalMatcher matcherOf(DescriptorMap map, int subsample) {
    long squares = (long) subsample * subsample;
    return (long) map.width() * map.height() / squares < MANY_SEEDS ? ofFew : ofMany;
  }
}
