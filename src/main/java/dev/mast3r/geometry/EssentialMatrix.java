package dev.mast3r.geometry;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The essential matrix {@code E = [t]x R} of a motion {@code x_B = R x_A + t}, with {@code x_B^T E
 * x_A = 0} for the rays of a correspondence. Up to scale and sign. Immutable.
 *
 * <p>Hartley and Zisserman, Multiple View Geometry, 2nd edition: section 9.6 and result 9.19 for
 * the decomposition, equation 11.9 for the Sampson error.
 */
public final class EssentialMatrix {

  private final double[] rowMajor;

  private EssentialMatrix(double[] rowMajor) {
    this.rowMajor = rowMajor;
  }

  /**
   * Takes nine row-major numbers as they are.
   *
   * @throws IllegalArgumentException if they are not nine finite numbers
   */
  public static EssentialMatrix of(double[] rowMajor) {
    if (rowMajor.length != 9 || !Arrays.stream(rowMajor).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "an essential matrix has 9 finite numbers, found " + Arrays.toString(rowMajor));
    }
    return new EssentialMatrix(rowMajor.clone());
  }

  /** Returns the essential matrix of a motion; all zeros if there is no translation. */
  public static EssentialMatrix ofMotion(Rigid3 bFromA) {
    Rotation3 r = bFromA.rotation();
    Point3 t = bFromA.translation();
    double[] e = new double[9];
    for (int column = 0; column < 3; column++) {
      Point3 turned = t.cross(new Point3(r.get(0, column), r.get(1, column), r.get(2, column)));
      e[column] = turned.x();
      e[3 + column] = turned.y();
      e[6 + column] = turned.z();
    }
    return new EssentialMatrix(e);
  }

  public double get(int row, int column) {
    return rowMajor[3 * row + column];
  }

  /**
   * Returns the Sampson error of a correspondence, not squared and not negative, on the plane z =
   * 1: times the focal length it is pixels. To first order the distance by which both points
   * together would have to move to fit.
   *
   * @param rayA of z = 1, in A's frame
   * @param rayB of z = 1, in B's frame
   */
  public double sampsonError(Point3 rayA, Point3 rayB) {
    return Math.abs(signedSampsonError(rayA, rayB));
  }

  /** Returns the Sampson error with the sign of {@code x_B^T E x_A}. */
  public double signedSampsonError(Point3 rayA, Point3 rayB) {
    Point3 lineInB = lineInB(rayA);
    Point3 lineInA = lineInA(rayB);
    double gradient =
        Math.sqrt(
            lineInB.x() * lineInB.x()
                + lineInB.y() * lineInB.y()
                + lineInA.x() * lineInA.x()
                + lineInA.y() * lineInA.y());
    double residual = rayB.dot(lineInB);
    return residual == 0 ? 0 : residual / gradient;
  }

  /**
   * Returns the four motions that have this essential matrix, t of unit norm: two rotations, each
   * with t and -t. Only one of them has the scene in front of both cameras.
   *
   * @throws IllegalArgumentException if the matrix has no singular value decomposition
   */
  public List<Rigid3> decompose() {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(3, 3, true, true, false);
    if (!svd.decompose(new DMatrixRMaj(3, 3, true, rowMajor.clone()))) {
      throw new IllegalArgumentException("no essential matrix: " + Arrays.toString(rowMajor));
    }
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, false);
    int[] order = DescendingOrder.of(svd.getSingularValues());
    Point3 u0 = column(u, order[0]);
    Point3 u1 = column(u, order[1]);
    Point3 v0 = column(v, order[0]);
    Point3 v1 = column(v, order[1]);
    // The cross products make both bases right-handed, so that the rotations have determinant +1.
    Point3 t = u0.cross(u1);
    Rotation3 first = rotation(u1.times(-1), u0, t, v0, v1);
    Rotation3 second = rotation(u1, u0.times(-1), t, v0, v1);
    return List.of(
        new Rigid3(first, t),
        new Rigid3(first, t.times(-1)),
        new Rigid3(second, t),
        new Rigid3(second, t.times(-1)));
  }

  /** {@code w0 v0^T + w1 v1^T + w2 (v0 x v1)^T}. */
  private static Rotation3 rotation(Point3 w0, Point3 w1, Point3 w2, Point3 v0, Point3 v1) {
    Point3 v2 = v0.cross(v1);
    Point3 x = w0.times(v0.x()).plus(w1.times(v1.x())).plus(w2.times(v2.x()));
    Point3 y = w0.times(v0.y()).plus(w1.times(v1.y())).plus(w2.times(v2.y()));
    Point3 z = w0.times(v0.z()).plus(w1.times(v1.z())).plus(w2.times(v2.z()));
    return Rotation3.of(
        new double[] {x.x(), y.x(), z.x(), x.y(), y.y(), z.y(), x.z(), y.z(), z.z()});
  }

  private static Point3 column(DMatrixRMaj m, int column) {
    return new Point3(m.get(0, column), m.get(1, column), m.get(2, column));
  }

  /** Returns {@code E x_A}: the line, on B's plane z = 1, of the points that A's ray may show. */
  public Point3 lineInB(Point3 rayA) {
    return new Point3(
        rowMajor[0] * rayA.x() + rowMajor[1] * rayA.y() + rowMajor[2] * rayA.z(),
        rowMajor[3] * rayA.x() + rowMajor[4] * rayA.y() + rowMajor[5] * rayA.z(),
        rowMajor[6] * rayA.x() + rowMajor[7] * rayA.y() + rowMajor[8] * rayA.z());
  }

  /** Returns {@code E^T x_B}: the line, on A's plane z = 1, of the points that B's ray may show. */
  public Point3 lineInA(Point3 rayB) {
    return new Point3(
        rowMajor[0] * rayB.x() + rowMajor[3] * rayB.y() + rowMajor[6] * rayB.z(),
        rowMajor[1] * rayB.x() + rowMajor[4] * rayB.y() + rowMajor[7] * rayB.z(),
        rowMajor[2] * rayB.x() + rowMajor[5] * rayB.y() + rowMajor[8] * rayB.z());
  }
}
