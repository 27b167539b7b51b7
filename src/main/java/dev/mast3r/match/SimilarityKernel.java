package dev.mast3r.match;

/**
 * The inner loop of the search: four queries against a group of 16 points. Every implementation
 * sums a pair's products over the dimensions in ascending order from +0, in single precision,
 * rounding each product and each sum; so all return the same bits.
 */
interface SimilarityKernel {

  /** Points of a group. */
  int GROUP = 16;

  /** Directions of a pack, which are projected at once. */
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
   * Projects a pack of directions on the axes of cones. Unlike similarities, cosines need not be
   * the same bits in every implementation.
   *
   * @param cones a cone is {@code dimension} components of its axis and two more
   * @param first where the first cone starts
   * @param count of cones, a multiple of 4
   * @param directions holds component k of the pack's directions from {@code k PACK} on
   * @param cosines out: the cosine of cone j and direction i at {@code to + j PACK + i}
   */
  void project(
      float[] cones,
      int first,
      int count,
      int dimension,
      float[] directions,
      float[] cosines,
      int to);

  /**
   * Finds which of four cones may hold a direction within reach of the pack's.
   *
   * @param cones as in {@link #project}
   * @param first where the first cone starts
   * @param directions as in {@link #project}, followed by two rows as {@link Reaches} says it
   * @param threshold the least sum of a cone within reach
   * @param reached out: bit {@code 3 - j} of element i is set if cone j is within reach of
   *     direction i
   * @return all elements of {@code reached}, joined by or
   */
  int within(
      float[] cones, int first, int dimension, float[] directions, float threshold, int[] reached);
}
