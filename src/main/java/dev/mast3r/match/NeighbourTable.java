package dev.mast3r.match;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The nearest neighbours in one map of the other map's pixels, searched when first asked for. A
 * pixel's neighbour never changes, so seeds that have met share every later answer.
 */
final class NeighbourTable {

  /** A way to find nearest neighbours; an instance serves one thread. */
  interface Search {

    /** The most queries of one call. */
    int QUERIES = 512;

    /**
     * Answers the queries {@code pixels[from .. to)}, at most {@link #QUERIES} that are close
     * together in their image.
     *
     * @param answers in: for each query a pixel that may be near, or -1; only the speed depends on
     *     it. Out: the nearest neighbour
     */
    void search(int[] pixels, int from, int to, int[] answers);
  }

  private static final int UNKNOWN = -1;

  /** Queries that are at least searched for at once; with fewer a search is slow. */
  private static final int FEW = 128;

  /** Of a thread, so that threads are done at about the same time. */
  private static final int PIECES = 3;

  /** Of neighbouring queries one in a square of this side is answered before the others. */
  private static final int SQUARE = 4;

  private final int width;
  private final WorkerTeam team;
  private final Supplier<Search> newSearch;
  private final int[] nearest;

  /** For queries from a map of the given size. */
  NeighbourTable(int width, int height, WorkerTeam team, Supplier<Search> newSearch) {
    this.width = width;
    this.team = team;
    this.newSearch = newSearch;
    this.nearest = new int[width * height];
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
    int[] hints = new int[count];
    int unknown = 0;
    for (int i = 0; i < count; i++) {
      if (nearest[pixels[i]] == UNKNOWN) {
        // marks the pixel as listed, and where
        nearest[pixels[i]] = -2 - unknown;
        hints[unknown] = candidates[i];
        queries[unknown++] = pixels[i];
      }
    }
    answer(PixelOrder.alongCurve(queries, unknown, width), hints);
    for (int i = 0; i < count; i++) {
      pixels[i] = nearest[pixels[i]];
    }
  }

  /** Answers one query of each square of pixels first: where it leads, the others begin. */
  private void answer(int[] queries, int[] hints) {
    int[] others = new int[queries.length];
    int[] otherAnswers = new int[queries.length];
    int otherCount = 0;
    int[] leaders = new int[queries.length];
    int[] leaderOf = new int[queries.length];
    int[] leaderAnswers = new int[queries.length];
    int leaderCount = 0;
    for (int first = 0, end; first < queries.length; first = end) {
      end = first + 1;
      while (end < queries.length && square(queries[end]) == square(queries[first])) {
        end++;
      }
      int leader = (first + end) / 2;
      for (int i = first; i < end; i++) {
        int hint = hints[-2 - nearest[queries[i]]];
        if (i == leader) {
          leaders[leaderCount] = queries[i];
          leaderAnswers[leaderCount] = hint;
        } else {
          others[otherCount] = queries[i];
          leaderOf[otherCount] = leaderCount;
          otherAnswers[otherCount++] = hint;
        }
      }
      leaderCount++;
    }
    search(leaders, leaderAnswers, leaderCount);
    for (int i = 0; i < otherCount; i++) {
      if (otherAnswers[i] < 0) {
        otherAnswers[i] = leaderAnswers[leaderOf[i]];
      }
    }
    search(others, otherAnswers, otherCount);
  }

  private int square(int pixel) {
    return pixel / width / SQUARE * width + pixel % width / SQUARE;
  }

  private void search(int[] queries, int[] answers, int count) {
    if (count == 0) {
      return;
    }
    int size = pieceSize(count);
    team.share(
        (count + size - 1) / size,
        () -> {
          Search search = newSearch.get();
          return piece -> {
            int from = piece * size;
            search.search(queries, from, Math.min(from + size, count), answers);
          };
        });
    for (int i = 0; i < count; i++) {
      nearest[queries[i]] = answers[i];
    }
  }

  /** Returns how many queries to search for at once: the more the better, but for all threads. */
  private int pieceSize(int count) {
    int share = count / (PIECES * team.threads());
    return Math.max(FEW, Math.min(Search.QUERIES, share / FEW * FEW));
  }
}
