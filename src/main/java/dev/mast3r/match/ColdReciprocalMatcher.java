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

  private final int threads;
  private final KernelChoice ofFew;
  private final KernelChoice ofMany;
  private final SeedImages seedImages;

  /** As {@link FastReciprocalMatcher}; kernels that are named are taken for any number of seeds. */
  ColdReciprocalMatcher(int threads, KernelChoice kernels, SeedImages seedImages) {
    this.threads = threads;
    this.ofMany = kernels.resolve();
    this.ofFew = kernels == KernelChoice.AUTO ? KernelChoice.SCALAR : ofMany;
    this.seedImages = seedImages;
  }

  @Override
  public PixelMatches match(
      DescriptorMap a, DescriptorMap b, int subsample, PixelMask maskA, PixelMask maskB) {
    return new FastReciprocalMatcher(threads, kernelFor(a, subsample), seedImages)
        .match(a, b, subsample, maskA, maskB);
  }

  KernelChoice kernelFor(DescriptorMap map, int subsample) {
    long squares = (long) subsample * subsample;
    return (long) map.width() * map.height() / squares < MANY_SEEDS ? ofFew : ofMany;
  }
}
