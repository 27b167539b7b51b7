package dev.mast3r.pose;

import dev.mast3r.geometry.PlaneHomography;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Triangulation;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * The other poses under which a plane looks the same. Matches on one plane fit two essential
 * matrices equally well, and no search can tell which is true.
 */
final class PlanarTwin {

  private PlanarTwin() {}

  /**
   * Returns the motions, t of unit norm, under which the plane through the matches looks as under
   * the given one; that one is among them. They mean nothing if the matches lie on no plane. Empty
   * if they determine none.
   *
   * @param bFromA of unit translation
   */
  static List<Rigid3> of(Rigid3 bFromA, List<RayPair> inliers) {
    DMatrixRMaj normal = new DMatrixRMaj(3, 1);
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(3);
    DMatrixRMaj rightSide = new DMatrixRMaj(3, 1);
    // the solver may overwrite the matrix, which is used once
    if (!solver.setA(normalEquations(bFromA, inliers, rightSide))) {
      return List.of();
    }
    solver.solve(rightSide, normal);
    Point3 n = new Point3(normal.get(0), normal.get(1), normal.get(2));
    if (!n.isFinite()) {
      return List.of();
    }
    return PlaneHomography.of(bFromA, n).decompose().stream()
        .filter(motion -> motion.translation().norm() > 0)
        .map(PlanarTwin::unit)
        .toList();
  }

  /** Of {@code n . ray = 1 / depth}: inverse depths have the noise of pixels, wherever they are. */
  private static DMatrixRMaj normalEquations(
      Rigid3 bFromA, List<RayPair> inliers, DMatrixRMaj rightSide) {
    DMatrixRMaj matrix = new DMatrixRMaj(3, 3);
    for (RayPair rays : inliers) {
      Triangulation point = rays.triangulate(bFromA);
      double[] ray = {rays.a().x(), rays.a().y(), rays.a().z()};
      for (int row = 0; row < 3; row++) {
        rightSide.add(row, 0, ray[row] / point.depthA());
        for (int column = 0; column < 3; column++) {
          matrix.add(row, column, ray[row] * ray[column]);
        }
      }
    }
    return matrix;
  }

  private static Rigid3 unit(Rigid3 motion) {
    Point3 t = motion.translation();
    return new Rigid3(motion.rotation(), t.times(1 / t.norm()));
  }
}
