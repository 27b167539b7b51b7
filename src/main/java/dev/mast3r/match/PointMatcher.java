package dev.mast3r.match;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.Pointmap;
import java.util.Arrays;

/**
 * Finds reciprocal matches between two pointmaps in one frame, for models without descriptors
 * (arXiv 2312.14132, section 3.3), by the walk of {@link ReciprocalMatcher}: nearest is the
 * smallest Euclidean distance, of equal ones the lowest pixel index.
 */
final class PointMatcher {

  private PointMatcher() {}

  /**
   * Returns at most one match a seed, each a pair of mutual nearest neighbours.
   *
   * @param subsample the step of the seed grid in pixels of A, at least 1
   * @param minConfidence points of a lower confidence, or that are not finite, take no part
   */
  static PixelMatches match(
      Pointmap a,
      Pointmap b,
      ConfidenceMap confidenceA,
      ConfidenceMap confidenceB,
      int subsample,
      double minConfidence) {
    PointTree inA = new PointTree(a, index -> confidenceA.get(index) >= minConfidence);
    PointTree inB = new PointTree(b, index -> confidenceB.get(index) >= minConfidence);
    int[] nearestInB = unknown(a);
    int[] nearestInA = unknown(b);
    long[] found = new long[a.width() * a.height()];
    int count = 0;
    for (int seed : SeedGrid.of(a.width(), a.height(), subsample)) {
      int u = seed;
      int v = PointTree.NONE;
      boolean moving = inA.has(seed);
      for (int trip = 0; trip < ReciprocalMatcher.MAX_ROUND_TRIPS && moving; trip++) {
        int nextV = look(nearestInB, inB, inA, u);
        int nextU = nextV == PointTree.NONE ? u : look(nearestInA, inA, inB, nextV);
        moving = nextV != v && nextU != u;
        if (!moving && nextV != PointTree.NONE) {
          found[count++] = (long) u << 32 | nextV;
        }
        u = nextU;
        v = nextV;
      }
    }
    long[] ordered = Arrays.stream(found, 0, count).sorted().distinct().toArray();
    return new PixelMatches(
        Arrays.stream(ordered).mapToInt(pair -> (int) (pair >> 32)).toArray(),
        Arrays.stream(ordered).mapToInt(pair -> (int) pair).toArray());
  }

  private static int[] unknown(Pointmap map) {
    int[] nearest = new int[map.width() * map.height()];
    Arrays.fill(nearest, PointTree.NONE);
    return nearest;
  }

  private static int look(int[] known, PointTree to, PointTree from, int index) {
    if (known[index] == PointTree.NONE) {
      known[index] = to.nearest(from, index);
    }
    return known[index];
  }
}
