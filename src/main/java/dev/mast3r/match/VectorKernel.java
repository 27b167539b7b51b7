package dev.mast3r.match;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
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

  /** 0, 1, 2, ... */
  private static final IntVector LANE = IntVector.zero(SPECIES.withLanes(int.class)).addIndex(1);

  /** Machines with registers this wide fuse; without the instruction Java would be very slow. */
  private static final boolean FUSED = LANES >= 8;

  @Override
  public String name() {
    return "vector kernel, registers of " + LANES + " floats";
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
    for (int lane = 0; lane < GROUP; lane += LANES) {
      reached |=
          fourPairs(
              queries,
              queryStep,
              members,
              groups,
              first,
              dimension,
              points,
              lane,
              thresholds,
              similarities);
    }
    return reached;
  }

  private static int fourPairs(
      float[] queries,
      int queryStep,
      int[] members,
      int[] groups,
      int first,
      int dimension,
      float[] points,
      int lane,
      float[] thresholds,
      float[] similarities) {
    int q0 = members[first] * queryStep;
    int q1 = members[first + 1] * queryStep;
    int q2 = members[first + 2] * queryStep;
    int q3 = members[first + 3] * queryStep;
    int p0 = groups[first] + lane;
    int p1 = groups[first + 1] + lane;
    int p2 = groups[first + 2] + lane;
    int p3 = groups[first + 3] + lane;
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int k = 0; k < dimension; k++) {
      a = a.add(FloatVector.fromArray(SPECIES, points, p0 + k * GROUP).mul(queries[q0 + k]));
      b = b.add(FloatVector.fromArray(SPECIES, points, p1 + k * GROUP).mul(queries[q1 + k]));
      c = c.add(FloatVector.fromArray(SPECIES, points, p2 + k * GROUP).mul(queries[q2 + k]));
      d = d.add(FloatVector.fromArray(SPECIES, points, p3 + k * GROUP).mul(queries[q3 + k]));
    }
    a.intoArray(similarities, lane);
    b.intoArray(similarities, lane + GROUP);
    c.intoArray(similarities, lane + 2 * GROUP);
    d.intoArray(similarities, lane + 3 * GROUP);
    return bits(
        excess(a, thresholds[members[first]]),
        excess(b, thresholds[members[first + 1]]),
        excess(c, thresholds[members[first + 2]]),
        excess(d, thresholds[members[first + 3]]));
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
    for (int lane = 0; lane < PACK; lane += 2 * LANES) {
      fourConesByTwo(cones, first, step, dimension, directions, lane, number, largest, nearest);
    }
  }

  /**
   * Returns {@code a b + c}, in one rounding where that is fast: a cosine may be rounded freely.
   */
  private static FloatVector sum(FloatVector a, FloatVector b, FloatVector c) {
    return FUSED ? a.fma(b, c) : c.add(a.mul(b));
  }

  /** Two vectors of directions, since a component of an axis is the same for both. */
  private static void fourConesByTwo(
      float[] cones,
      int first,
      int step,
      int dimension,
      float[] directions,
      int lane,
      int number,
      float[] largest,
      int[] nearest) {
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    FloatVector e0 = a0;
    FloatVector e1 = a0;
    int p = lane;
    int q = first;
    for (int k = 0; k < dimension; k++) {
      FloatVector left = FloatVector.fromArray(SPECIES, directions, p);
      FloatVector right = FloatVector.fromArray(SPECIES, directions, p + LANES);
      FloatVector c = FloatVector.broadcast(SPECIES, cones[q]);
      a0 = sum(left, c, a0);
      a1 = sum(right, c, a1);
      c = FloatVector.broadcast(SPECIES, cones[q + 1]);
      b0 = sum(left, c, b0);
      b1 = sum(right, c, b1);
      c = FloatVector.broadcast(SPECIES, cones[q + 2]);
      d0 = sum(left, c, d0);
      d1 = sum(right, c, d1);
      c = FloatVector.broadcast(SPECIES, cones[q + 3]);
      e0 = sum(left, c, e0);
      e1 = sum(right, c, e1);
      p += PACK;
      q += step;
    }
    keepNearest(a0, b0, d0, e0, number, largest, nearest, lane);
    keepNearest(a1, b1, d1, e1, number, largest, nearest, lane + LANES);
  }

  private static void keepNearest(
      FloatVector a,
      FloatVector b,
      FloatVector c,
      FloatVector d,
      int number,
      float[] largest,
      int[] nearest,
      int lane) {
    FloatVector best = FloatVector.fromArray(SPECIES, largest, lane);
    IntVector at = IntVector.fromArray(LANE.species(), nearest, lane);
    at = at.blend(number, a.compare(VectorOperators.GT, best).cast(LANE.species()));
    best = best.max(a);
    at = at.blend(number + 1, b.compare(VectorOperators.GT, best).cast(LANE.species()));
    best = best.max(b);
    at = at.blend(number + 2, c.compare(VectorOperators.GT, best).cast(LANE.species()));
    best = best.max(c);
    at = at.blend(number + 3, d.compare(VectorOperators.GT, best).cast(LANE.species()));
    best = best.max(d);
    best.intoArray(largest, lane);
    at.intoArray(nearest, lane);
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
    int any = 0;
    for (int lane = 0; lane < PACK; lane += 2 * LANES) {
      any |= fourConesWithin(cones, first, step, size, directions, lane, threshold, reached);
    }
    return any;
  }

  /**
   * As {@link #fourConesByTwo}; the two last components make the sums negative out of reach. It is
   * as long as that so that the compiler leaves it a method of its own.
   */
  private static int fourConesWithin(
      float[] cones,
      int first,
      int step,
      int size,
      float[] directions,
      int lane,
      float threshold,
      int[] reached) {
    FloatVector a0 = FloatVector.broadcast(SPECIES, -threshold);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    FloatVector e0 = a0;
    FloatVector e1 = a0;
    int p = lane;
    int q = first;
    for (int k = 0; k < size; k++) {
      FloatVector left = FloatVector.fromArray(SPECIES, directions, p);
      FloatVector right = FloatVector.fromArray(SPECIES, directions, p + LANES);
      FloatVector c = FloatVector.broadcast(SPECIES, cones[q]);
      a0 = sum(left, c, a0);
      a1 = sum(right, c, a1);
      c = FloatVector.broadcast(SPECIES, cones[q + 1]);
      b0 = sum(left, c, b0);
      b1 = sum(right, c, b1);
      c = FloatVector.broadcast(SPECIES, cones[q + 2]);
      d0 = sum(left, c, d0);
      d1 = sum(right, c, d1);
      c = FloatVector.broadcast(SPECIES, cones[q + 3]);
      e0 = sum(left, c, e0);
      e1 = sum(right, c, e1);
      p += PACK;
      q += step;
    }
    IntVector low =
        below(a0)
            .or(below(b0).lanewise(VectorOperators.LSHL, 1))
            .or(below(d0).lanewise(VectorOperators.LSHL, 2))
            .or(below(e0).lanewise(VectorOperators.LSHL, 3))
            .lanewise(VectorOperators.XOR, (1 << BLOCK) - 1);
    IntVector high =
        below(a1)
            .or(below(b1).lanewise(VectorOperators.LSHL, 1))
            .or(below(d1).lanewise(VectorOperators.LSHL, 2))
            .or(below(e1).lanewise(VectorOperators.LSHL, 3))
            .lanewise(VectorOperators.XOR, (1 << BLOCK) - 1);
    low.intoArray(reached, lane);
    high.intoArray(reached, lane + LANES);
    return low.or(high).reduceLanes(VectorOperators.OR);
  }

  /**
   * Returns 1 where a number is negative, else 0. Masks as such are slow to turn into bits before
   * Java 18.
   */
  private static IntVector below(FloatVector values) {
    return values.reinterpretAsInts().lanewise(VectorOperators.LSHR, Integer.SIZE - 1);
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
    if (LANES == GROUP) {
      eightsReachOne(rows, members, count, size, cones, block, threshold, reached);
    } else {
      Arrays.fill(reached, 0, (count + BLOCK - 1) / BLOCK, -1);
      for (int lane = 0; lane < GROUP; lane += 2 * LANES) {
        foursReachTwo(rows, members, count, size, cones, block, lane, threshold, reached);
      }
    }
  }

  private static void eightsReachOne(
      float[] rows,
      int[] members,
      int count,
      int size,
      float[] cones,
      int block,
      float threshold,
      long[] reached) {
    for (int i = 0; i < count; i += 2 * BLOCK) {
      int q0 = members[i] * size;
      int q1 = members[i + 1] * size;
      int q2 = members[i + 2] * size;
      int q3 = members[i + 3] * size;
      int q4 = members[i + 4] * size;
      int q5 = members[i + 5] * size;
      int q6 = members[i + 6] * size;
      int q7 = members[i + 7] * size;
      FloatVector a0 = FloatVector.broadcast(SPECIES, -threshold);
      FloatVector a1 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      FloatVector c0 = a0;
      FloatVector c1 = a0;
      FloatVector d0 = a0;
      FloatVector d1 = a0;
      int p = block;
      for (int k = 0; k < size; k++) {
        FloatVector cone = FloatVector.fromArray(SPECIES, cones, p);
        a0 = sum(cone, FloatVector.broadcast(SPECIES, rows[q0 + k]), a0);
        a1 = sum(cone, FloatVector.broadcast(SPECIES, rows[q1 + k]), a1);
        b0 = sum(cone, FloatVector.broadcast(SPECIES, rows[q2 + k]), b0);
        b1 = sum(cone, FloatVector.broadcast(SPECIES, rows[q3 + k]), b1);
        c0 = sum(cone, FloatVector.broadcast(SPECIES, rows[q4 + k]), c0);
        c1 = sum(cone, FloatVector.broadcast(SPECIES, rows[q5 + k]), c1);
        d0 = sum(cone, FloatVector.broadcast(SPECIES, rows[q6 + k]), d0);
        d1 = sum(cone, FloatVector.broadcast(SPECIES, rows[q7 + k]), d1);
        p += GROUP;
      }
      IntVector a = below(a0).or(below(a1).lanewise(VectorOperators.LSHL, GROUP));
      IntVector b = below(b0).or(below(b1).lanewise(VectorOperators.LSHL, GROUP));
      IntVector c = below(c0).or(below(c1).lanewise(VectorOperators.LSHL, GROUP));
      IntVector d = below(d0).or(below(d1).lanewise(VectorOperators.LSHL, GROUP));
      reached[i / BLOCK] = ~inRows(a, b);
      reached[i / BLOCK + 1] = ~inRows(c, d);
    }
  }

  private static void foursReachTwo(
      float[] rows,
      int[] members,
      int count,
      int size,
      float[] cones,
      int block,
      int lane,
      float threshold,
      long[] reached) {
    for (int i = 0; i < count; i += BLOCK) {
      int q0 = members[i] * size;
      int q1 = members[i + 1] * size;
      int q2 = members[i + 2] * size;
      int q3 = members[i + 3] * size;
      FloatVector a0 = FloatVector.broadcast(SPECIES, -threshold);
      FloatVector a1 = a0;
      FloatVector b0 = a0;
      FloatVector b1 = a0;
      FloatVector c0 = a0;
      FloatVector c1 = a0;
      FloatVector d0 = a0;
      FloatVector d1 = a0;
      int p = block + lane;
      for (int k = 0; k < size; k++) {
        FloatVector left = FloatVector.fromArray(SPECIES, cones, p);
        FloatVector right = FloatVector.fromArray(SPECIES, cones, p + LANES);
        FloatVector direction = FloatVector.broadcast(SPECIES, rows[q0 + k]);
        a0 = sum(left, direction, a0);
        a1 = sum(right, direction, a1);
        direction = FloatVector.broadcast(SPECIES, rows[q1 + k]);
        b0 = sum(left, direction, b0);
        b1 = sum(right, direction, b1);
        direction = FloatVector.broadcast(SPECIES, rows[q2 + k]);
        c0 = sum(left, direction, c0);
        c1 = sum(right, direction, c1);
        direction = FloatVector.broadcast(SPECIES, rows[q3 + k]);
        d0 = sum(left, direction, d0);
        d1 = sum(right, direction, d1);
        p += GROUP;
      }
      IntVector low =
          below(a0)
              .or(below(a1).lanewise(VectorOperators.LSHL, LANES))
              .or(below(b0).lanewise(VectorOperators.LSHL, GROUP))
              .or(below(b1).lanewise(VectorOperators.LSHL, GROUP + LANES));
      IntVector high =
          below(c0)
              .or(below(c1).lanewise(VectorOperators.LSHL, LANES))
              .or(below(d0).lanewise(VectorOperators.LSHL, GROUP))
              .or(below(d1).lanewise(VectorOperators.LSHL, GROUP + LANES));
      reached[i / BLOCK] &= ~(inRows(low, high) << lane);
    }
  }

  /** Joins bits of all lanes, each at its place in a row of bits; low ones before high ones. */
  private static long inRows(IntVector low, IntVector high) {
    int first = low.lanewise(VectorOperators.LSHL, LANE).reduceLanes(VectorOperators.OR);
    int second = high.lanewise(VectorOperators.LSHL, LANE).reduceLanes(VectorOperators.OR);
    return (first & 0xFFFFFFFFL) | ((long) second << (2 * GROUP));
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
    return bits(
        excess(a, thresholds[members[first]]),
        excess(b, thresholds[members[first + 1]]),
        excess(c, thresholds[members[first + 2]]),
        excess(d, thresholds[members[first + 3]]));
  }

  /** Returns numbers that are negative where a sum is below the threshold. */
  private static IntVector excess(FloatVector sums, float threshold) {
    return sums.sub(threshold).reinterpretAsInts();
  }

  /** Sets a bit for each of the four that is not negative everywhere; seldom more than none. */
  private static int bits(IntVector a, IntVector b, IntVector c, IntVector d) {
    if (bit(a.and(b).and(c.and(d)), 1) == 0) {
      return 0;
    }
    return bit(a, 1) | bit(b, 2) | bit(c, 4) | bit(d, 8);
  }

  private static int bit(IntVector excess, int bit) {
    return excess.compare(VectorOperators.GE, 0).anyTrue() ? bit : 0;
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
    float ta = thresholds[members[first]];
    float tb = thresholds[members[first + 1]];
    float tc = thresholds[members[first + 2]];
    float td = thresholds[members[first + 3]];
    return bits(
        excess(a0, ta).and(excess(a1, ta)),
        excess(b0, tb).and(excess(b1, tb)),
        excess(c0, tc).and(excess(c1, tc)),
        excess(d0, td).and(excess(d1, td)));
  }
}
