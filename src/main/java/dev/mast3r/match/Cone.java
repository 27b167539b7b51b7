package dev.mast3r.match;

/**
 * Cones that hold the directions of descriptors: an axis of unit norm and the largest angle r to
 * it, written as {@code (axis, cos r, sin r)}.
 */
final class Cone {

  /** Stands for the sine of a cone that is too wide to exclude anything. */
  private static final float UNBOUNDED = 1e6f;

  private Cone() {}

  /**
   * More than the rounding errors of a dot product of unit vectors that were themselves rounded:
   * {@code d 2^-24} for the sum (Higham, Accuracy and Stability of Numerical Algorithms, section
   * 3.1), half of it for a norm by such a sum, and some for the vectors.
   */
  static float slack(int dimension) {
    return (2 * dimension + 16) * 0x1p-24f;
  }

  /**
   * Writes a cone.
   *
   * @param axes holds the axis from {@code from} on
   * @param smallestCosine of the angles to the axis; 0 or less if one of them is not acute
   * @param target component k goes to {@code start + k step}
   */
  static void write(
      float[] axes,
      int from,
      int dimension,
      float smallestCosine,
      float[] target,
      int start,
      int step) {
    for (int k = 0; k < dimension; k++) {
      target[start + k * step] = axes[from + k];
    }
    float safe = smallestCosine - slack(dimension);
    boolean bounded = safe > 0;
    target[start + dimension * step] = bounded ? safe : 0;
    target[start + (dimension + 1) * step] =
        bounded ? (float) Math.sqrt((1.0 - safe) * (1.0 + safe)) : UNBOUNDED;
  }
}
