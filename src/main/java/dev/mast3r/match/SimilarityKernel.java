package dev.mast3r.match;

/**
 * The inner loop of the search: four queries against a tile of 64 points. Every implementation sums
 * a pair's products over the dimensions in ascending order from +0, in single precision, rounding
 * each product and each sum; so all return the same bits. An instance serves one thread.
 */
interface SimilarityKernel {

  /** Points of a tile. */
  int TILE = 64;

  /** Queries of a block. */
  int BLOCK = 4;

  /**
   * Writes the dot products of the block's first {@code count} queries with a tile's points to
   * {@code similarities[query * stride + offset + point]}.
   *
   * @param queries {@code [BLOCK][dimension]}
   * @param tiles {@code [tile][dimension][TILE]}
   */
  void similarities(
      float[] queries,
      int count,
      int dimension,
      float[] tiles,
      int tile,
      float[] similarities,
      int stride,
      int offset);
}
