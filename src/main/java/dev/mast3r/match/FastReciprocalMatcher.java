package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import java.util.function.Function;

/**
 * Fast reciprocal matching with an exact search that skips what cannot be nearest; the same result
 * as {@link ExhaustiveReciprocalMatcher} for any number of threads and either kernel.
 *
 * <p>Departs from arXiv 2406.09756 in the search alone: an index of our own in place of FAISS, and
 * answers kept from hop to hop. Several threads may use one matcher at the same time.
 */
public final class FastReciprocalMatcher implements ReciprocalMatcher {

  private final int threads;
  private final KernelChoice kernels;
  private final SeedImages seedImages;

  /** Starts in A, with the fastest kernel there is. */
  public FastReciprocalMatcher(int threads) {
    this(threads, KernelChoice.AUTO, SeedImages.A);
  }

  /**
   * @param threads at least 1; they live as long as a call
   * @param kernels the inner loops; the result is the same
   * @param seedImages where to start
   * @throws dev.mast3r.error.UsageException if the kernel is not available
   */
  public FastReciprocalMatcher(int threads, KernelChoice kernels, SeedImages seedImages) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread is needed, found " + threads);
    }
    this.threads = threads;
    this.kernels = kernels.resolve();
    this.seedImages = seedImages;
  }

  @Override
  public PixelMatches match(
      DescriptorMap a, DescriptorMap b, int subsample, PixelMask maskA, PixelMask maskB) {
    SeedGrid seeds = new SeedGrid(maskA, maskB, subsample, seedImages);
    return walk(a, b, maskA, maskB, walk -> walk.match(seeds.inA(), seeds.inB()));
  }

  /**
   * Returns where the pixels of A on the paths from the seeds of A are drawn to.
   *
   * @param subsample the step of the seed grid in pixels, at least 1; 1 gives the basins of all
   *     pixels
   * @throws dev.mast3r.error.InputException if an allowed pixel's descriptor is not finite
   */
  public ConvergenceBasins basins(
      DescriptorMap a, DescriptorMap b, int subsample, PixelMask maskA, PixelMask maskB) {
    SeedGrid seeds = new SeedGrid(maskA, maskB, subsample, SeedImages.A);
    return walk(a, b, maskA, maskB, walk -> walk.basins(seeds.inA(), a.width() * a.height()));
  }

  private <T> T walk(
      DescriptorMap a,
      DescriptorMap b,
      PixelMask maskA,
      PixelMask maskB,
      Function<ReciprocalWalk, T> purpose) {
    DescriptorCheck.checkFit(a, b, maskA, maskB);
    try (WorkerTeam team = new WorkerTeam(threads)) {
      SimilarityKernel kernel = kernels.kernel();
      NearestNeighbourIndex indexA = NearestNeighbourIndex.of(a, maskA, team);
      NearestNeighbourIndex indexB = NearestNeighbourIndex.of(b, maskB, team);
      DescriptorCheck.checkFinite("A", indexA.firstBad(), a.width());
      DescriptorCheck.checkFinite("B", indexB.firstBad(), b.width());
      NeighbourTable nearestInB = table(a, indexB, team, kernel);
      NeighbourTable nearestInA = table(b, indexA, team, kernel);
      return purpose.apply(new ReciprocalWalk(nearestInB, nearestInA));
    }
  }

  private static NeighbourTable table(
      DescriptorMap from, NearestNeighbourIndex to, WorkerTeam team, SimilarityKernel kernel) {
    return new NeighbourTable(
        from.width(), from.height(), team, () -> new NearestNeighbourSearch(to, from, kernel));
  }
}
