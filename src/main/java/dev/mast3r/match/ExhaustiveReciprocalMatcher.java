package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * The reference: compares every query with every pixel, one pair at a time, with no other purpose
 * than to be plainly right. Its cost is {@code seeds x pixels x dimension} a hop.
 */
public final class ExhaustiveReciprocalMatcher implements ReciprocalMatcher {

  @Override
  public PixelMatches match(
      DescriptorMap a, DescriptorMap b, int subsample, PixelMask maskA, PixelMask maskB) {
    DescriptorCheck.check(a, b, maskA, maskB);
    int[] seeds = new SeedGrid(maskA, maskB, subsample, SeedImages.A).inA();
    int[] nnInB = new int[a.width() * a.height()];
    int[] nnInA = new int[b.width() * b.height()];
    Arrays.fill(nnInB, -1);
    Arrays.fill(nnInA, -1);
    TreeSet<Long> found = new TreeSet<>();
    for (int seed : seeds) {
      int u = seed;
      int v = -1;
      for (int trip = 0; trip < MAX_ROUND_TRIPS; trip++) {
        int nextV = nearest(a, u, b, maskB, nnInB);
        if (nextV == v) {
          found.add(pack(u, v));
          break;
        }
        int nextU = nearest(b, nextV, a, maskA, nnInA);
        if (nextU == u) {
          found.add(pack(u, nextV));
          break;
        }
        u = nextU;
        v = nextV;
      }
    }
    int[] indexA = new int[found.size()];
    int[] indexB = new int[found.size()];
    int n = 0;
    for (long pair : found) {
      indexA[n] = (int) (pair >> 32);
      indexB[n++] = (int) pair;
    }
    return new PixelMatches(indexA, indexB);
  }

  private static long pack(int u, int v) {
    return (long) u << 32 | v;
  }

  private static int nearest(
      DescriptorMap from, int query, DescriptorMap to, PixelMask mask, int[] known) {
    if (known[query] < 0) {
      float bestSimilarity = Float.NEGATIVE_INFINITY;
      for (int index = 0; index < to.width() * to.height(); index++) {
        if (mask.allows(index)) {
          float similarity = similarity(from, query, to, index);
          if (similarity > bestSimilarity) {
            bestSimilarity = similarity;
            known[query] = index;
          }
        }
      }
    }
    return known[query];
  }

  static float similarity(DescriptorMap from, int query, DescriptorMap to, int index) {
    float sum = 0;
    for (int k = 0; k < from.dimension(); k++) {
      sum += from.get(query, k) * to.get(index, k);
    }
    return sum;
  }
}
