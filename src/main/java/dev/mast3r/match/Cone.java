package dev.mast3r.match;

import java.util.Arrays;

/**
 * A narrow cone around some directions, found again and again in the same memory: an axis of unit
 * norm and the largest angle r to it.
 */
final class Cone {

  /** Stands for the sine of a cone that is too wide to exclude anything. */
  private static final float UNBOUNDED = 1e6f;

  private final int dimension;
  private final float[] axis;
  private final double[] sum;
  private float cos;
  private float sin;

  Cone(int dimension) {
    this.dimension = dimension;
    this.axis = new float[dimension];
    this.sum = new double[dimension];
  }

  /**
   * More than the rounding errors of a dot product of unit vectors that were themselves rounded:
   * {@code d 2^-24} for the sums (Higham, Accuracy and Stability of Numerical Algorithms, section
   * 3.1) and some for the vectors.
   */
  static float slack(int dimension) {
    return (2 * dimension + 16) * 0x1p-24f;
  }

  /**
   * Encloses the directions {@code from .. to} of an array of vectors {@code step} apart, each of
   * unit norm or zero. A zero vector has no direction and does not count.
   */
  void enclose(float[] directions, int from, int to, int step) {
    Arrays.fill(sum, 0);
    for (int i = from; i < to; i++) {
      for (int k = 0; k < dimension; k++) {
        sum[k] += directions[i * step + k];
      }
    }
    double squaredLength = 0;
    for (double value : sum) {
      squaredLength += value * value;
    }
    double scale = squaredLength > 0 ? 1 / Math.sqrt(squaredLength) : 0;
    for (int k = 0; k < dimension; k++) {
      axis[k] = (float) (sum[k] * scale);
    }
    float smallest = 1;
    for (int i = from; i < to; i++) {
      float dot = 0;
      boolean zero = true;
      for (int k = 0; k < dimension; k++) {
        float value = directions[i * step + k];
        dot += value * axis[k];
        zero &= value == 0;
      }
      if (!zero) {
        smallest = Math.min(smallest, dot);
      }
    }
    smallest -= slack(dimension);
    boolean bounded = smallest > 0;
    cos = bounded ? smallest : 0;
    sin = bounded ? (float) Math.sqrt((1.0 - smallest) * (1.0 + smallest)) : UNBOUNDED;
  }

  float[] axis() {
    return axis;
  }

  /** The cosine of r, 0 if r is no acute angle. */
  float cos() {
    return cos;
  }

  /** The sine of r, or a large number if r is no acute angle. */
  float sin() {
    return sin;
  }

  /** Writes {@code (axis, cos r, sin r)} as column {@code column} of rows of {@code rowLength}. */
  void writeColumn(float[] target, int column, int rowLength) {
    for (int k = 0; k < dimension; k++) {
      target[column + k * rowLength] = axis[k];
    }
    target[column + dimension * rowLength] = cos;
    target[column + (dimension + 1) * rowLength] = sin;
  }
}
