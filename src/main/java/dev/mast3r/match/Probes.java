package dev.mast3r.match;

import java.util.Arrays;

/**
 * Directions with a reach, in the layout that a {@link SimilarityKernel} takes: a probe is {@code
 * (q, -cos w, sin w)} for a unit vector q and an angle w, a cone's column {@code (c, cos r, sin
 * r)}. Their dot product {@code cos t - cos(w + r)} is at least 0 if the angle t between q and c is
 * at most w + r, that is if the cone may hold a direction within w of q.
 */
final class Probes {

  private final int dimension;
  private final float[] values;
  private final boolean[] bounded;
  private final float slack;
  private final float[] thresholds;

  Probes(int count, int dimension) {
    this.dimension = dimension;
    this.values = new float[count * (dimension + 2)];
    this.bounded = new boolean[count];
    this.slack = 2 * Cone.slack(dimension);
    this.thresholds = new float[count];
    Arrays.fill(thresholds, -slack);
  }

  /** The number of components of a probe. */
  int size() {
    return dimension + 2;
  }

  /** All probes, one after the other. */
  float[] values() {
    return values;
  }

  /** The least dot product, but for rounding errors, with a cone that may hold something. */
  float threshold() {
    return -slack;
  }

  /** {@link #threshold()} for each probe. */
  float[] thresholds() {
    return thresholds;
  }

  /** Sets the direction to {@code scale} times the given vector; of unit norm or zero. */
  void direct(int probe, float[] vector, int offset, double scale) {
    int start = probe * size();
    for (int k = 0; k < dimension; k++) {
      values[start + k] = (float) (vector[offset + k] * scale);
    }
  }

  /**
   * Sets the reach by its cosine.
   *
   * @param cos 0 or less: everything is within reach
   */
  void reach(int probe, double cos) {
    double safe = cos - slack;
    bounded[probe] = safe > 0;
    if (safe > 0) {
      int end = probe * size() + dimension;
      values[end] = (float) -safe;
      values[end + 1] = (float) Math.sqrt(Math.max(0, (1 - safe) * (1 + safe)));
    }
  }

  /** Returns whether the probe excludes anything; if not, its reach is not to be used. */
  boolean isBounded(int probe) {
    return bounded[probe];
  }

  /** Returns the cosine of a bounded probe's reach. */
  float cosReach(int probe) {
    return -values[probe * size() + dimension];
  }

  /** Returns whether a cone may hold a direction within reach, given the cosine of t. */
  boolean mayReach(int probe, float axisCosine, float cosRadius, float sinRadius) {
    int end = probe * size() + dimension;
    return !bounded[probe]
        || axisCosine + values[end] * cosRadius + values[end + 1] * sinRadius >= -slack;
  }
}
