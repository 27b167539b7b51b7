package dev.mast3r.geometry;

import java.util.Arrays;
import java.util.Locale;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** A rotation of 3-space: an orthonormal 3x3 matrix of determinant +1. Immutable. */
public final class Rotation3 {

  /** How far {@code R R^T} may be off the identity: published poses carry as few as five digits. */
  private static final double MAX_ORTHOGONALITY_ERROR = 1e-3;

  private static final Rotation3 IDENTITY = new Rotation3(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1});

  private final double[] rowMajor;

  private Rotation3(double[] rowMajor) {
    this.rowMajor = rowMajor;
  }

  public static Rotation3 identity() {
    return IDENTITY;
  }

  /**
   * Takes the nearest rotation to nine row-major numbers that are nearly one.
   *
   * @throws IllegalArgumentException if the numbers are not finite, off orthonormality by more than
   *     1e-3, or a reflection
   */
  public static Rotation3 of(double[] rowMajor) {
    if (rowMajor.length != 9) {
      throw new IllegalArgumentException("a rotation has 9 numbers, found " + rowMajor.length);
    }
    for (int row = 0; row < 3; row++) {
      for (int other = row; other < 3; other++) {
        double dot = 0;
        for (int k = 0; k < 3; k++) {
          dot += rowMajor[3 * row + k] * rowMajor[3 * other + k];
        }
        double error = Math.abs(dot - (row == other ? 1 : 0));
        if (!(error <= MAX_ORTHOGONALITY_ERROR)) {
          throw new IllegalArgumentException(
              "not a rotation: rows " + row + " and " + other + " are off by " + error);
        }
      }
    }
    Rotation3 nearest = nearestTo(rowMajor);
    if (nearest.get(0, 0) * rowMajor[0] + nearest.get(1, 1) * rowMajor[4] < -1) {
      throw new IllegalArgumentException("not a rotation: determinant is negative");
    }
    return nearest;
  }

  /**
   * Projects any 3x3 matrix of full rank onto the rotations, {@code R = U diag(1,1,det(UV^T)) V^T}
   * (the orthogonal Procrustes solution).
   */
  public static Rotation3 nearestTo(double[] rowMajor) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(3, 3, true, true, false);
    if (!svd.decompose(new DMatrixRMaj(3, 3, true, rowMajor.clone()))) {
      throw new IllegalArgumentException("no rotation near " + Arrays.toString(rowMajor));
    }
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj vt = svd.getV(null, true);
    DMatrixRMaj uvt = new DMatrixRMaj(3, 3);
    CommonOps_DDRM.mult(u, vt, uvt);
    if (CommonOps_DDRM.det(uvt) < 0) {
      int smallest = smallestSingularValue(svd.getSingularValues());
      for (int row = 0; row < 3; row++) {
        u.set(row, smallest, -u.get(row, smallest));
      }
      CommonOps_DDRM.mult(u, vt, uvt);
    }
    return new Rotation3(uvt.data.clone());
  }

  private static int smallestSingularValue(double[] values) {
    int smallest = 0;
    for (int i = 1; i < 3; i++) {
      if (values[i] < values[smallest]) {
        smallest = i;
      }
    }
    return smallest;
  }

  /**
   * Returns the rotation by {@code angleRad} about {@code axis} (Rodrigues); the axis needs no unit
   * norm.
   */
  public static Rotation3 aboutAxis(Point3 axis, double angleRad) {
    double norm = axis.norm();
    if (norm < 1e-300) {
      return IDENTITY;
    }
    double half = angleRad / 2;
    double s = Math.sin(half) / norm;
    return Quaternion.of(Math.cos(half), axis.x() * s, axis.y() * s, axis.z() * s).toRotation();
  }

  public double get(int row, int column) {
    return rowMajor[3 * row + column];
  }

  /** Returns a fresh copy of the nine numbers, row by row. */
  public double[] toRowMajor() {
    return rowMajor.clone();
  }

  public Point3 apply(Point3 p) {
    return new Point3(
        rowMajor[0] * p.x() + rowMajor[1] * p.y() + rowMajor[2] * p.z(),
        rowMajor[3] * p.x() + rowMajor[4] * p.y() + rowMajor[5] * p.z(),
        rowMajor[6] * p.x() + rowMajor[7] * p.y() + rowMajor[8] * p.z());
  }

  /** Returns this rotation after {@code first}. */
  public Rotation3 times(Rotation3 first) {
    double[] product = new double[9];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          sum += get(row, k) * first.get(k, column);
        }
        product[3 * row + column] = sum;
      }
    }
    return new Rotation3(product);
  }

  public Rotation3 inverse() {
    double[] m = rowMajor;
    return new Rotation3(new double[] {m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]});
  }

  /** Returns the angle of the rotation in degrees, 0 to 180; accurate for small angles too. */
  public double angleDeg() {
    double sx = get(2, 1) - get(1, 2);
    double sy = get(0, 2) - get(2, 0);
    double sz = get(1, 0) - get(0, 1);
    double twiceSin = Math.sqrt(sx * sx + sy * sy + sz * sz);
    double twiceCos = get(0, 0) + get(1, 1) + get(2, 2) - 1;
    return Math.toDegrees(Math.atan2(twiceSin, twiceCos));
  }

  /** Returns the unit quaternion with {@code w >= 0}. */
  public Quaternion toQuaternion() {
    double m00 = get(0, 0);
    double m11 = get(1, 1);
    double m22 = get(2, 2);
    double trace = m00 + m11 + m22;
    if (trace > 0) {
      double s = 2 * Math.sqrt(1 + trace);
      return Quaternion.of(
          s / 4,
          (get(2, 1) - get(1, 2)) / s,
          (get(0, 2) - get(2, 0)) / s,
          (get(1, 0) - get(0, 1)) / s);
    }
    if (m00 >= m11 && m00 >= m22) {
      double s = 2 * Math.sqrt(1 + m00 - m11 - m22);
      return Quaternion.of(
          (get(2, 1) - get(1, 2)) / s,
          s / 4,
          (get(0, 1) + get(1, 0)) / s,
          (get(0, 2) + get(2, 0)) / s);
    }
    if (m11 >= m22) {
      double s = 2 * Math.sqrt(1 + m11 - m00 - m22);
      return Quaternion.of(
          (get(0, 2) - get(2, 0)) / s,
          (get(0, 1) + get(1, 0)) / s,
          s / 4,
          (get(1, 2) + get(2, 1)) / s);
    }
    double s = 2 * Math.sqrt(1 + m22 - m00 - m11);
    return Quaternion.of(
        (get(1, 0) - get(0, 1)) / s,
        (get(0, 2) + get(2, 0)) / s,
        (get(1, 2) + get(2, 1)) / s,
        s / 4);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rotation3 that && Arrays.equals(rowMajor, that.rowMajor);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(rowMajor);
  }

  @Override
  public String toString() {
    Quaternion q = toQuaternion();
    return String.format(Locale.ROOT, "Rotation3(%.6f %.6f %.6f %.6f)", q.w(), q.x(), q.y(), q.z());
  }
}
