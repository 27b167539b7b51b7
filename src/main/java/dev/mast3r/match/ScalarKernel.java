package dev.mast3r.match;

/** The reference kernel in plain Java. */
final class ScalarKernel implements SimilarityKernel {

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
      int query = member * queryStep;
      int out = i * GROUP;
      half(queries, query, dimension, points, group, similarities, out);
      half(queries, query, dimension, points, group + GROUP / 2, similarities, out + GROUP / 2);
      for (int j = out; j < out + GROUP; j++) {
        if (similarities[j] >= thresholds[member]) {
          reached |= 1 << i;
          break;
        }
      }
    }
    return reached;
  }

  /** Eight sums side by side, as many as fit the registers, hide the latency of the additions. */
  private static void half(
      float[] queries,
      int query,
      int dimension,
      float[] points,
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
      p += GROUP;
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
