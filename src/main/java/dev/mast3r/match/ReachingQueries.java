package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.BLOCK;
import static dev.mast3r.match.SimilarityKernel.GROUP;
import static dev.mast3r.match.SimilarityKernel.PACK;

/**
 * Queries that reach something which has four parts of four parts each, and the parts that each of
 * them reaches, as 16 bits.
 */
final class ReachingQueries {

  /** Of four bits, each four times. */
  private static final int[] EACH_FOUR_TIMES = new int[1 << BLOCK];

  static {
    for (int bits = 0; bits < EACH_FOUR_TIMES.length; bits++) {
      for (int i = 0; i < BLOCK; i++) {
        EACH_FOUR_TIMES[bits] |= (bits >> i & 1) * (0b1111 << (i * BLOCK));
      }
    }
  }

  private final int[] queries;
  private final int[] parts;
  private int count;

  /** An empty list with room for so many queries. */
  ReachingQueries(int capacity) {
    this.queries = new int[capacity + 2 * BLOCK];
    this.parts = new int[capacity + 2 * BLOCK];
  }

  int count() {
    return count;
  }

  /** Adds a query and four bits, of the parts that it reaches. */
  void add(int query, int bits) {
    queries[count] = query;
    parts[count++] = EACH_FOUR_TIMES[bits];
  }

  /** Adds the queries of a pack, from {@code first} on, whose bits are not 0. */
  void addAll(int first, int[] bits) {
    int end = count;
    for (int i = 0; i < PACK; i++) {
      queries[end] = first + i;
      parts[end] = EACH_FOUR_TIMES[bits[i]];
      end += bits[i] == 0 ? 0 : 1;
    }
    count = end;
  }

  /** Returns the queries, the last one repeated to the end of two blocks. */
  int[] filledUp() {
    for (int i = count; i % (2 * BLOCK) != 0; i++) {
      queries[i] = queries[count - 1];
      parts[i] = 0;
    }
    return queries;
  }

  /**
   * Returns the parts of the four queries from {@code first} on, 16 bits each; of repetitions none.
   */
  long parts(int first) {
    long low = parts[first] | parts[first + 1] << GROUP;
    long high = parts[first + 2] | parts[first + 3] << GROUP;
    return (low & 0xFFFFFFFFL) | (high << (2 * GROUP));
  }

  /** Keeps the first queries only. */
  void shorten(int to) {
    count = to;
  }
}
