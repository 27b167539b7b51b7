package dev.mast3r.match;

/**
 * The inner loop of the search: four queries against a group of 16 points. Every implementation
 * sums a pair's products over the dimensions in ascending order from +0, in single precision,
 * rounding each product and each sum; so all return the same bits.
 */
interface SimilarityKernel {

  /** Points of a group, and cones of a block. */
  int GROUP = 16;

  /** Directions of a pack, which are held against cones at once. */
  int PACK = 32;

  /** Queries that are compared at once. */
  int BLOCK = 4;

  /** Returns what it is, for people to read. */
  String name();

  /**
   * Compares four queries with a group of points.
   *
   * @param queries holds the components of query q from {@code q queryStep} on
   * @param members the four queries are {@code members[first .. first + 3]}, not all different
   * @param points holds component k of the group's points from {@code group + k GROUP} on
   * @param thresholds one for each query q
   * @param similarities out: the dot product of member i and point j at {@code i GROUP + j}
   * @return bit i is set if a similarity of member i is at least its threshold
   */
  int compare(
      float[] queries,
      int queryStep,
      int[] members,
      int first,
      int dimension,
      float[] points,
      int group,
      float[] thresholds,
      float[] similarities);

  /**
   * Compares four queries with a group of points each. As {@link #compare}, but member i is
   * compared with the group whose components start at {@code groups[first + i]}.
   */
  int comparePairs(
      float[] queries,
      int queryStep,
      int[] members,
      int[] groups,
      int first,
      int dimension,
      float[] points,
      float[] thresholds,
      float[] similarities);

  /**
   * Keeps of each direction of a pack the nearest axis of four more cones. Unlike similarities,
   * cosines need not be the same bits in every implementation.
   *
   * @param cones component k of cone j is at {@code first + k step + j}
   * @param directions component k of the pack's directions from {@code k PACK} on
   * @param number of the first of the cones
   * @param largest in and out: the largest cosine of each direction so far
   * @param nearest in and out: the number of the cone that it is of
   */
  void keepNearest(
      float[] cones,
      int first,
      int step,
      int dimension,
      float[] directions,
      int number,
      float[] largest,
      int[] nearest);

  /**
   * Finds which of four cones may hold a direction within reach of the pack's.
   *
   * @param cones as in {@link #keepNearest}, of {@code size} components
   * @param directions as in {@link #keepNearest}, of {@code size} components, their reach included,
   *     as {@link Directions} says it
   * @param threshold the least sum of a cone within reach
   * @param reached out: bit j of element i is set if cone j is within reach of direction i
   * @return all elements of {@code reached}, joined by or
   */
  int within(
      float[] cones,
      int first,
      int step,
      int size,
      float[] directions,
      float threshold,
      int[] reached);

  /**
   * Finds which of 16 cones may hold a direction within reach of each of some.
   *
   * @param rows the {@code size} components of direction i, its reach included, from {@code i size}
   *     on
   * @param members the directions are {@code members[0 .. count - 1]}; up to seven more are read
   * @param size components of a direction and of a cone
   * @param cones component k of the cones from {@code block + k GROUP} on
   * @param threshold the least sum of a cone within reach
   * @param reached out: bit {@code 16 (i % 4) + j} of element {@code i / 4} is set if cone j is
   *     within reach of member i; of up to seven more the bits are any
   */
  void reach(
      float[] rows,
      int[] members,
      int count,
      int size,
      float[] cones,
      int block,
      float threshold,
      long[] reached);
}
