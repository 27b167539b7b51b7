package dev.mast3r.match;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel on the vector registers of the machine. Lanes hold points, so that each pair is summed
 * in the order of the scalar kernel. To be touched only where the module {@code
 * jdk.incubator.vector} is present.
 *
 * <p>The methods stay small: as one large method the compiler gives up on keeping vectors in
 * registers.
 */
final class VectorKernel implements SimilarityKernel {

  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > GROUP
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  private static final int LANES = SPECIES.length();

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
    if (LANES == GROUP) {
      return fourByOne(
          queries, queryStep, members, first, dimension, points, group, thresholds, similarities);
    }
    int reached = 0;
    for (int lane = 0; lane < GROUP; lane += 2 * LANES) {
      reached |=
          fourByTwo(
              queries,
              queryStep,
              members,
              first,
              dimension,
              points,
              group,
              lane,
              thresholds,
              similarities);
    }
    return reached;
  }

  private static int fourByOne(
      float[] queries,
      int queryStep,
      int[] members,
      int first,
      int dimension,
      float[] points,
      int group,
      float[] thresholds,
      float[] similarities) {
    int q0 = members[first] * queryStep;
    int q1 = members[first + 1] * queryStep;
    int q2 = members[first + 2] * queryStep;
    int q3 = members[first + 3] * queryStep;
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int p = group;
    for (int k = 0; k < dimension; k++) {
      FloatVector point = FloatVector.fromArray(SPECIES, points, p);
      a = a.add(point.mul(queries[q0 + k]));
      b = b.add(point.mul(queries[q1 + k]));
      c = c.add(point.mul(queries[q2 + k]));
      d = d.add(point.mul(queries[q3 + k]));
      p += GROUP;
    }
    a.intoArray(similarities, 0);
    b.intoArray(similarities, GROUP);
    c.intoArray(similarities, 2 * GROUP);
    d.intoArray(similarities, 3 * GROUP);
    return bit(a, thresholds[members[first]], 1)
        | bit(b, thresholds[members[first + 1]], 2)
        | bit(c, thresholds[members[first + 2]], 4)
        | bit(d, thresholds[members[first + 3]], 8);
  }

  private static int bit(FloatVector sums, float threshold, int bit) {
    return sums.compare(VectorOperators.GE, threshold).anyTrue() ? bit : 0;
  }

  private static int fourByTwo(
      float[] queries,
      int queryStep,
      int[] members,
      int first,
      int dimension,
      float[] points,
      int group,
      int lane,
      float[] thresholds,
      float[] similarities) {
    int q0 = members[first] * queryStep;
    int q1 = members[first + 1] * queryStep;
    int q2 = members[first + 2] * queryStep;
    int q3 = members[first + 3] * queryStep;
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    int p = group + lane;
    for (int k = 0; k < dimension; k++) {
      FloatVector left = FloatVector.fromArray(SPECIES, points, p);
      FloatVector right = FloatVector.fromArray(SPECIES, points, p + LANES);
      float a = queries[q0 + k];
      float b = queries[q1 + k];
      float c = queries[q2 + k];
      float d = queries[q3 + k];
      a0 = a0.add(left.mul(a));
      a1 = a1.add(right.mul(a));
      b0 = b0.add(left.mul(b));
      b1 = b1.add(right.mul(b));
      c0 = c0.add(left.mul(c));
      c1 = c1.add(right.mul(c));
      d0 = d0.add(left.mul(d));
      d1 = d1.add(right.mul(d));
      p += GROUP;
    }
    a0.intoArray(similarities, lane);
    a1.intoArray(similarities, lane + LANES);
    b0.intoArray(similarities, lane + GROUP);
    b1.intoArray(similarities, lane + GROUP + LANES);
    c0.intoArray(similarities, lane + 2 * GROUP);
    c1.intoArray(similarities, lane + 2 * GROUP + LANES);
    d0.intoArray(similarities, lane + 3 * GROUP);
    d1.intoArray(similarities, lane + 3 * GROUP + LANES);
    return bit(a0.max(a1), thresholds[members[first]], 1)
        | bit(b0.max(b1), thresholds[members[first + 1]], 2)
        | bit(c0.max(c1), thresholds[members[first + 2]], 4)
        | bit(d0.max(d1), thresholds[members[first + 3]], 8);
  }
}
