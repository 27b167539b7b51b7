package dev.mast3r.match;

import java.util.Arrays;

/** The reference kernel in plain Java. */
final class ScalarKernel implements SimilarityKernel {

  @Override
  public String name() {
    return "scalar kernel";
  }

  @Override
  public int compare(
      float[] queries,
      int queryStep,
      int[] members,
      int first,
      int dimension,
      float[] points,
      int group,
      float[] thresholds,
      float[] similarities) {
    int reached = 0;
    for (int i = 0; i < BLOCK; i++) {
      int member = members[first + i];
      int out = i * GROUP;
      whole(queries, member * queryStep, dimension, points, group, similarities, out);
      reached |= anyFrom(similarities, out, thresholds[member]) ? 1 << i : 0;
    }
    return reached;
  }

  @Override
  public int comparePairs(
      float[] queries,
      int queryStep,
      int[] members,
      int[] groups,
      int first,
      int dimension,
      float[] points,
      float[] thresholds,
      float[] similarities) {
    int reached = 0;
    for (int i = 0; i < BLOCK; i++) {
      int member = members[first + i];
      int group = groups[first + i];
      int out = i * GROUP;
      whole(queries, member * queryStep, dimension, points, group, similarities, out);
      reached |= anyFrom(similarities, out, thresholds[member]) ? 1 << i : 0;
    }
    return reached;
  }

  private static boolean anyFrom(float[] similarities, int from, float threshold) {
    for (int j = from; j < from + GROUP; j++) {
      if (similarities[j] >= threshold) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void project(
      float[] cones,
      int first,
      int count,
      int dimension,
      float[] directions,
      float[] cosines,
      int to) {
    for (int cone = 0; cone < count; cone++) {
      int out = to + cone * PACK;
      int axis = first + cone * (dimension + 2);
      for (int lane = 0; lane < PACK; lane += GROUP / 2) {
        half(cones, axis, dimension, directions, PACK, lane, cosines, out + lane);
      }
    }
  }

  @Override
  public int within(
      float[] cones, int first, int dimension, float[] directions, float threshold, int[] reached) {
    Arrays.fill(reached, 0, PACK, 0);
    float[] excess = new float[PACK];
    for (int cone = 0; cone < BLOCK; cone++) {
      int axis = first + cone * (dimension + 2);
      for (int lane = 0; lane < PACK; lane += GROUP / 2) {
        half(cones, axis, dimension + 2, directions, PACK, lane, excess, lane);
      }
      for (int i = 0; i < PACK; i++) {
        reached[i] = reached[i] << 1 | (excess[i] >= threshold ? 1 : 0);
      }
    }
    int any = 0;
    for (int i = 0; i < PACK; i++) {
      any |= reached[i];
    }
    return any;
  }

  private static void whole(
      float[] queries,
      int query,
      int dimension,
      float[] points,
      int group,
      float[] similarities,
      int out) {
    int middle = GROUP / 2;
    half(queries, query, dimension, points, GROUP, group, similarities, out);
    half(queries, query, dimension, points, GROUP, group + middle, similarities, out + middle);
  }

  /** Eight sums side by side, as many as fit the registers, hide the latency of the additions. */
  private static void half(
      float[] queries,
      int query,
      int dimension,
      float[] points,
      int step,
      int first,
      float[] similarities,
      int out) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int p = first;
    for (int k = 0; k < dimension; k++) {
      float q = queries[query + k];
      s0 += q * points[p];
      s1 += q * points[p + 1];
      s2 += q * points[p + 2];
      s3 += q * points[p + 3];
      s4 += q * points[p + 4];
      s5 += q * points[p + 5];
      s6 += q * points[p + 6];
      s7 += q * points[p + 7];
      p += step;
    }
    similarities[out] = s0;
    similarities[out + 1] = s1;
    similarities[out + 2] = s2;
    similarities[out + 3] = s3;
    similarities[out + 4] = s4;
    similarities[out + 5] = s5;
    similarities[out + 6] = s6;
    similarities[out + 7] = s7;
  }
}
