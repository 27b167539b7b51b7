package dev.mast3r.match;

/**
 * The inner loop of the search: four queries against a group of 16 points. Every implementation
 * sums a pair's products over the dimensions in ascending order from +0, in single precision,
 * rounding each product and each sum; so all return the same bits.
 */
interface SimilarityKernel {

  /** Points of a group. */
  int GROUP = 16;

  /** Queries that are compared at once. */
  int BLOCK = 4;

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
}
