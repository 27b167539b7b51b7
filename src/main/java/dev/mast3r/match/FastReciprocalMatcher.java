package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * Fast reciprocal matching with an exact search that skips what cannot be nearest; the same result
 * as {@link ExhaustiveReciprocalMatcher} for any number of threads.
 *
 * <p>Departs from arXiv 2406.09756 in the search alone: an own index in place of FAISS, and answers
 * kept from hop to hop. Two threads may use one matcher at the same time.
 */
public final class FastReciprocalMatcher implements ReciprocalMatcher {

  private final int threads;
  private final KernelChoice kernels;

  /**
   * @param threads at least 1; they live as long as a call
   */
  public FastReciprocalMatcher(int threads) {
    this(threads, KernelChoice.AUTO);
  }

  /**
   * @param threads at least 1; they live as long as a call
   * @param kernels which inner loops to use; the result is the same
   */
  public FastReciprocalMatcher(int threads, KernelChoice kernels) {
    this.kernels = kernels;
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread is needed, found " + threads);
    }
    this.threads = threads;
  }

  @Override
  public PixelMatches match(DescriptorMap a, DescriptorMap b, int subsample) {
    int[] seeds = SeedGrid.of(a.width(), a.height(), subsample);
    DescriptorCheck.check(a, b);
    try (WorkerTeam team = new WorkerTeam(threads)) {
      NeighbourTable nearestInB =
          new NeighbourTable(a, NearestNeighbourIndex.of(b, team), team, kernels);
      NeighbourTable nearestInA =
          new NeighbourTable(b, NearestNeighbourIndex.of(a, team), team, kernels);
      return walk(seeds, nearestInB, nearestInA);
    }
  }

  /** Hops from the seeds until each has come to rest or the round trips are used up. */
  private static PixelMatches walk(
      int[] seeds, NeighbourTable nearestInB, NeighbourTable nearestInA) {
    long[] found = new long[seeds.length];
    int rested = 0;
    int active = seeds.length;
    int[] u = seeds.clone();
    int[] v = new int[active];
    Arrays.fill(v, -1);
    for (int trip = 0; trip < MAX_ROUND_TRIPS && active > 0; trip++) {
      int[] nextV = Arrays.copyOf(u, active);
      nearestInB.lookUp(nextV, v, active);
      int moving = 0;
      for (int i = 0; i < active; i++) {
        if (nextV[i] == v[i]) {
          found[rested++] = pack(u[i], v[i]);
        } else {
          u[moving] = u[i];
          v[moving++] = nextV[i];
        }
      }
      active = moving;
      int[] nextU = Arrays.copyOf(v, active);
      nearestInA.lookUp(nextU, u, active);
      moving = 0;
      for (int i = 0; i < active; i++) {
        if (nextU[i] == u[i]) {
          found[rested++] = pack(u[i], v[i]);
        } else {
          u[moving] = nextU[i];
          v[moving++] = v[i];
        }
      }
      active = moving;
    }
    return unique(found, rested);
  }

  private static PixelMatches unique(long[] pairs, int count) {
    long[] ordered = Arrays.stream(pairs, 0, count).sorted().distinct().toArray();
    return new PixelMatches(
        Arrays.stream(ordered).mapToInt(pair -> (int) (pair >> 32)).toArray(),
        Arrays.stream(ordered).mapToInt(pair -> (int) pair).toArray());
  }

  private static long pack(int u, int v) {
    return (long) u << 32 | v;
  }
}
