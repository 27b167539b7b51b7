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
  public void keepNearest(
      float[] cones,
      int first,
      int step,
      int dimension,
      float[] directions,
      int number,
      float[] largest,
      int[] nearest) {
    float[] cosines = new float[BLOCK * PACK];
    project(cones, first, step, dimension, directions, cosines);
    for (int cone = 0; cone < BLOCK; cone++) {
      for (int i = 0; i < PACK; i++) {
        float cosine = cosines[cone * PACK + i];
        nearest[i] = cosine > largest[i] ? number + cone : nearest[i];
        largest[i] = Math.max(largest[i], cosine);
      }
    }
  }

  private static void project(
      float[] cones, int first, int step, int dimension, float[] directions, float[] cosines) {
    float[] axis = new float[dimension];
    for (int cone = 0; cone < BLOCK; cone++) {
      for (int k = 0; k < dimension; k++) {
        axis[k] = cones[first + k * step + cone];
      }
      for (int lane = 0; lane < PACK; lane += GROUP / 2) {
        half(axis, 0, dimension, directions, PACK, lane, cosines, cone * PACK + lane);
      }
    }
  }

  @Override
  public int within(
      float[] cones,
      int first,
      int step,
      int size,
      float[] directions,
      float threshold,
      int[] reached) {
    float[] excess = new float[BLOCK * PACK];
    project(cones, first, step, size, directions, excess);
    int any = 0;
    for (int i = 0; i < PACK; i++) {
      reached[i] = 0;
      for (int cone = 0; cone < BLOCK; cone++) {
        reached[i] |= excess[cone * PACK + i] >= threshold ? 1 << cone : 0;
      }
      any |= reached[i];
    }
    return any;
  }

  @Override
  public void reach(
      float[] rows,
      int[] members,
      int count,
      int size,
      float[] cones,
      int block,
      float threshold,
      long[] reached) {
    Arrays.fill(reached, 0, (count + BLOCK - 1) / BLOCK, 0);
    float[] excess = new float[GROUP];
    for (int i = 0; i < count; i++) {
      whole(rows, members[i] * size, size, cones, block, excess, 0);
      for (int j = 0; j < GROUP; j++) {
        reached[i / BLOCK] |= excess[j] >= threshold ? 1L << (i % BLOCK * GROUP + j) : 0;
      }
    }
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
