package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * The nearest neighbours in one map of the other map's pixels, searched when first asked for. A
 * pixel's neighbour never changes, so seeds that have met share every later answer.
 */
final class NeighbourTable {

  /** Queries a thread takes at a time. */
  private static final int PIECE = NearestNeighbourSearch.QUERIES;

  private static final int UNKNOWN = -1;

  private final DescriptorMap from;
  private final NearestNeighbourIndex to;
  private final WorkerTeam team;
  private final KernelChoice kernels;
  private final int[] nearest;

  NeighbourTable(
      DescriptorMap from, NearestNeighbourIndex to, WorkerTeam team, KernelChoice kernels) {
    this.from = from;
    this.to = to;
    this.team = team;
    this.kernels = kernels;
    this.nearest = new int[from.width() * from.height()];
    Arrays.fill(nearest, UNKNOWN);
  }

  /**
   * Replaces the given pixels by their nearest neighbours.
   *
   * @param pixels the first {@code count} are replaced
   * @param candidates for each a pixel that may be near, or -1; only the speed depends on it
   */
  void lookUp(int[] pixels, int[] candidates, int count) {
    int[] queries = new int[count];
    int unknown = 0;
    int[] hint = new int[count];
    for (int i = 0; i < count; i++) {
      if (nearest[pixels[i]] == UNKNOWN) {
        // marks the pixel as already in the list and remembers its candidate
        hint[unknown] = candidates[i];
        nearest[pixels[i]] = -2 - unknown;
        queries[unknown++] = pixels[i];
      }
    }
    answer(PixelOrder.alongCurve(queries, unknown, from.width()), hint);
    for (int i = 0; i < count; i++) {
      pixels[i] = nearest[pixels[i]];
    }
  }

  private void answer(int[] queries, int[] hint) {
    int[] answers = new int[queries.length];
    for (int i = 0; i < queries.length; i++) {
      answers[i] = hint[-2 - nearest[queries[i]]];
    }
    team.share(
        (queries.length + PIECE - 1) / PIECE,
        () -> {
          NearestNeighbourSearch search = new NearestNeighbourSearch(to, from, kernels.kernel());
          return piece -> {
            int end = Math.min(queries.length, (piece + 1) * PIECE);
            for (int i = piece * PIECE; i < end; i += NearestNeighbourSearch.QUERIES) {
              search.search(queries, i, Math.min(end, i + NearestNeighbourSearch.QUERIES), answers);
            }
          };
        });
    for (int i = 0; i < queries.length; i++) {
      nearest[queries[i]] = answers[i];
    }
  }
}
