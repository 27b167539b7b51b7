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
   * Finds the largest of a pack's cosines.
   *
   * @param cosines of {@link #project}, from {@code from} on
   * @param count of cones
   * @param largest out: the largest cosine of direction i at {@code at + i}
   */
  void largest(float[] cosines, int from, int count, float[] largest, int at);

  /**
   * Finds which cones may hold a direction within reach of the pack's, as {@link Reaches} says it.
   *
   * @param cones as in {@link #project}
   * @param count at most 32
   * @param cosines of {@link #project}, from {@code from} on
   * @param reaches of the pack
   * @param reached out: bit {@code count - 1 - j} of element i is set if cone j is within reach of
   *     direction i
   */
  void reach(
      float[] cones,
      int first,
      int count,
      int dimension,
      float[] cosines,
      int from,
      float[] reaches,
      float threshold,
      int[] reached);
}
