package dev.mast3r.geometry;

import java.util.List;
import java.util.Optional;

/**
 * A similarity {@code x_b = s R x_a + t} that takes points from frame a to frame b; named {@code
 * bFromA} like a {@link Rigid3}.
 *
 * @param scale s, positive; 1 for a rigid motion
 */
public record Similarity3(double scale, Rotation3 rotation, Point3 translation) {

  /** Points nearer to one line than this share of their spread leave the rotation open. */
  private static final double MIN_SPREAD = 1e-6;

  public Similarity3 {
    if (!(scale > 0) || !Double.isFinite(scale)) {
      throw new IllegalArgumentException("scale must be positive and finite, found " + scale);
    }
  }

  /**
   * Returns the rigid motion, of scale 1, with the least sum of squared distances {@code |R a + t -
   * b|} (Kabsch, Acta Crystallographica 1976).
   *
   * @param inA at least 3 points
   * @param inB as many
   * @return empty if the points of one side lie on a line or in one place
   */
  public static Optional<Similarity3> fitRigid(List<Point3> inA, List<Point3> inB) {
    return fit(inA, inB, false);
  }

  /**
   * Returns the similarity with the least sum of squared distances {@code |s R a + t - b|}
   * (Umeyama, PAMI 1991, equations 40 to 42).
   *
   * @param inA at least 3 points
   * @param inB as many
   * @return empty if the points of one side lie on a line or in one place
   */
  public static Optional<Similarity3> fit(List<Point3> inA, List<Point3> inB) {
    return fit(inA, inB, true);
  }

  public Point3 apply(Point3 point) {
    return rotation.apply(point).times(scale).plus(translation);
  }

  private static Optional<Similarity3> fit(List<Point3> inA, List<Point3> inB, boolean withScale) {
    if (inA.size() != inB.size() || inA.size() < 3) {
      throw new IllegalArgumentException(
          "3 or more pairs of points are needed, found " + inA.size() + " and " + inB.size());
    }
    Point3 meanA = mean(inA);
    Point3 meanB = mean(inB);
    double[] covariance = new double[9];
    double[] spreadA = new double[9];
    double[] spreadB = new double[9];
    for (int i = 0; i < inA.size(); i++) {
      Point3 a = inA.get(i).minus(meanA);
      Point3 b = inB.get(i).minus(meanB);
      addOuter(covariance, b, a);
      addOuter(spreadA, a, a);
      addOuter(spreadB, b, b);
    }
    if (isLine(spreadA) || isLine(spreadB)) {
      return Optional.empty();
    }
    Rotation3 rotation = Rotation3.nearestTo(covariance);
    double scale = 1;
    if (withScale) {
      double aligned = 0;
      for (int i = 0; i < 9; i++) {
        aligned += rotation.get(i / 3, i % 3) * covariance[i];
      }
      scale = aligned / (spreadA[0] + spreadA[4] + spreadA[8]);
    }
    if (!(scale > 0)) {
      return Optional.empty();
    }
    Point3 translation = meanB.minus(rotation.apply(meanA).times(scale));
    return Optional.of(new Similarity3(scale, rotation, translation));
  }

  private static Point3 mean(List<Point3> points) {
    Point3 sum = new Point3(0, 0, 0);
    for (Point3 point : points) {
      sum = sum.plus(point);
    }
    return sum.times(1.0 / points.size());
  }

  private static void addOuter(double[] sum, Point3 row, Point3 column) {
    double[] r = {row.x(), row.y(), row.z()};
    double[] c = {column.x(), column.y(), column.z()};
    for (int i = 0; i < 9; i++) {
      sum[i] += r[i / 3] * c[i % 3];
    }
  }

  /**
   * Whether a covariance has rank 1 or 0: its principal 2x2 minors add up to the products of its
   * eigenvalues, which are zero for a line.
   */
  private static boolean isLine(double[] m) {
    double trace = m[0] + m[4] + m[8];
    double minors =
        m[0] * m[4] - m[1] * m[3] + m[0] * m[8] - m[2] * m[6] + m[4] * m[8] - m[5] * m[7];
    return !(minors > MIN_SPREAD * MIN_SPREAD * trace * trace);
  }
}
