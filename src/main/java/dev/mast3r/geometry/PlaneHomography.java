package dev.mast3r.geometry;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The homography {@code H = R + t n^T} that takes the rays of points on a plane from camera A to
 * camera B, {@code n . x = 1} being the plane in A's frame. Immutable.
 *
 * <p>Ma, Soatto, Kosecka, Sastry, An Invitation to 3-D Vision, section 5.3.3, equations 5.42 to
 * 5.44: two cameras before a plane see the same in two different positions.
 */
public final class PlaneHomography {

  /** Singular values nearer to each other than this come from a camera that only turned. */
  private static final double MIN_SPREAD = 1e-9;

  private final DMatrixRMaj h;

  private PlaneHomography(DMatrixRMaj h) {
    this.h = h;
  }

  /**
   * Returns the homography of a motion before a plane.
   *
   * @param normalInA n of {@code n . x = 1}: the unit normal over the plane's distance
   */
  public static PlaneHomography of(Rigid3 bFromA, Point3 normalInA) {
    double[] t = array(bFromA.translation());
    double[] n = array(normalInA);
    DMatrixRMaj h = new DMatrixRMaj(3, 3);
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        h.set(row, column, bFromA.rotation().get(row, column) + t[row] * n[column]);
      }
    }
    return new PlaneHomography(h);
  }

  public double get(int row, int column) {
    return h.get(row, column);
  }

  /**
   * Returns the four motions that have this homography, t in units of the plane's distance: two
   * rotations, each with t and -t, of which the second has the plane behind the cameras. Empty if
   * there is no translation.
   */
  public List<Rigid3> decompose() {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(3, 3, false, true, false);
    if (!svd.decompose(h.copy())) {
      return List.of();
    }
    int[] order = DescendingOrder.of(svd.getSingularValues());
    double[] values = svd.getSingularValues();
    double first = values[order[0]] * values[order[0]];
    double third = values[order[2]] * values[order[2]];
    if (!(first - third > MIN_SPREAD)) {
      return List.of();
    }
    DMatrixRMaj v = svd.getV(null, false);
    Point3 v1 = column(v, order[0]);
    Point3 v2 = column(v, order[1]);
    Point3 v3 = column(v, order[2]);
    // The middle singular value is 1 up to rounding: the roots must not see it pass the others.
    double a = Math.sqrt(Math.max(0, 1 - third) / (first - third));
    double b = Math.sqrt(Math.max(0, first - 1) / (first - third));
    Rigid3 one = motion(v2, v1.times(a).plus(v3.times(b)));
    Rigid3 other = motion(v2, v1.times(a).minus(v3.times(b)));
    return List.of(one, reversed(one), other, reversed(other));
  }

  /** The motion that keeps the lengths of two directions of the plane, as H does. */
  private Rigid3 motion(Point3 v2, Point3 u) {
    Point3 normal = v2.cross(u);
    Point3 w2 = apply(v2);
    Point3 w = apply(u);
    Point3 w3 = w2.cross(w);
    double[] r = new double[9];
    addOuter(r, w2, v2);
    addOuter(r, w, u);
    addOuter(r, w3, normal);
    Rotation3 rotation = Rotation3.nearestTo(r);
    return new Rigid3(rotation, apply(normal).minus(rotation.apply(normal)));
  }

  private static Rigid3 reversed(Rigid3 motion) {
    return new Rigid3(motion.rotation(), motion.translation().times(-1));
  }

  private Point3 apply(Point3 p) {
    return new Point3(
        get(0, 0) * p.x() + get(0, 1) * p.y() + get(0, 2) * p.z(),
        get(1, 0) * p.x() + get(1, 1) * p.y() + get(1, 2) * p.z(),
        get(2, 0) * p.x() + get(2, 1) * p.y() + get(2, 2) * p.z());
  }

  private static void addOuter(double[] sum, Point3 row, Point3 column) {
    double[] r = array(row);
    double[] c = array(column);
    for (int i = 0; i < 9; i++) {
      sum[i] += r[i / 3] * c[i % 3];
    }
  }

  private static Point3 column(DMatrixRMaj m, int column) {
    return new Point3(m.get(0, column), m.get(1, column), m.get(2, column));
  }

  private static double[] array(Point3 p) {
    return new double[] {p.x(), p.y(), p.z()};
  }
}
