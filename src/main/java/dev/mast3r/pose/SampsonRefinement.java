package dev.mast3r.pose;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Moves a relative pose of unit translation to where its rays are likeliest: Levenberg-Marquardt
 * over three parameters of rotation and two of direction, on the {@link MixtureLoss} of the Sampson
 * errors.
 *
 * <p>A search stops at a pose that is good enough for its inliers; runs with different seeds end
 * degrees apart where matches are few. From there this descends to the same minimum, as the loss
 * has no edge at which matches drop in and out.
 */
final class SampsonRefinement {

  private static final int PARAMETERS = 5;
  private static final int MAX_ITERATIONS = 30;
  private static final double STEP = 1e-6;
  private static final double CONVERGED = 1e-9;
  private static final double MAX_DAMPING = 1e6;

  private final List<RayPair> rays;
  private final MixtureLoss loss;

  /** Prepares a refinement on the given rays, on the plane z = 1. */
  SampsonRefinement(List<RayPair> rays, MixtureLoss loss) {
    this.rays = rays;
    this.loss = loss;
  }

  /** Returns a pose of unit translation that costs no more. */
  Rigid3 refine(Rigid3 start) {
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(PARAMETERS);
    Rigid3 best = start;
    double bestCost = cost(best);
    double damping = 1e-3;
    for (int i = 0; i < MAX_ITERATIONS && damping < MAX_DAMPING; i++) {
      DMatrixRMaj hessian = new DMatrixRMaj(PARAMETERS, PARAMETERS);
      DMatrixRMaj gradient = new DMatrixRMaj(PARAMETERS, 1);
      linearise(best, hessian, gradient);
      for (int k = 0; k < PARAMETERS; k++) {
        hessian.set(k, k, hessian.get(k, k) * (1 + damping) + Double.MIN_NORMAL);
      }
      DMatrixRMaj step = new DMatrixRMaj(PARAMETERS, 1);
      // the solver may overwrite the matrix, which is made anew in every turn
      if (!solver.setA(hessian)) {
        break;
      }
      solver.solve(gradient, step);
      Rigid3 moved = moved(best, step.data, -1);
      double cost = cost(moved);
      if (cost < bestCost) {
        boolean converged = bestCost - cost <= CONVERGED * bestCost;
        best = moved;
        bestCost = cost;
        damping /= 10;
        if (converged) {
          break;
        }
      } else {
        damping *= 10;
      }
    }
    return best;
  }

  private double cost(Rigid3 bFromA) {
    EssentialMatrix e = EssentialMatrix.ofMotion(bFromA);
    double sum = 0;
    for (RayPair ray : rays) {
      sum += loss.of(e.sampsonError(ray.a(), ray.b()));
    }
    return sum;
  }

  /** The weighted normal equations, by forward differences. */
  private void linearise(Rigid3 at, DMatrixRMaj hessian, DMatrixRMaj gradient) {
    EssentialMatrix here = EssentialMatrix.ofMotion(at);
    EssentialMatrix[] near = new EssentialMatrix[PARAMETERS];
    for (int k = 0; k < PARAMETERS; k++) {
      double[] step = new double[PARAMETERS];
      step[k] = 1;
      near[k] = EssentialMatrix.ofMotion(moved(at, step, STEP));
    }
    double[] slope = new double[PARAMETERS];
    for (RayPair ray : rays) {
      double error = here.signedSampsonError(ray.a(), ray.b());
      double weight = loss.weight(error);
      for (int k = 0; k < PARAMETERS; k++) {
        slope[k] = (near[k].signedSampsonError(ray.a(), ray.b()) - error) / STEP;
      }
      for (int k = 0; k < PARAMETERS; k++) {
        gradient.add(k, 0, weight * slope[k] * error);
        for (int other = 0; other < PARAMETERS; other++) {
          hessian.add(k, other, weight * slope[k] * slope[other]);
        }
      }
    }
  }

  /** Turns by {@code factor} times a rotation vector and a move of t in its tangent plane. */
  private static Rigid3 moved(Rigid3 from, double[] step, double factor) {
    Point3 turn = new Point3(step[0], step[1], step[2]).times(factor);
    Point3 t = from.translation();
    Point3 u = perpendicular(t);
    Point3 v = t.cross(u);
    Point3 direction = t.plus(u.times(factor * step[3])).plus(v.times(factor * step[4]));
    return new Rigid3(
        Rotation3.aboutAxis(turn, turn.norm()).times(from.rotation()),
        direction.times(1 / direction.norm()));
  }

  /** A unit vector across the axis that {@code t} is farthest from. */
  private static Point3 perpendicular(Point3 t) {
    double x = Math.abs(t.x());
    double y = Math.abs(t.y());
    double z = Math.abs(t.z());
    Point3 axis =
        x <= y && x <= z ? new Point3(1, 0, 0) : y <= z ? new Point3(0, 1, 0) : new Point3(0, 0, 1);
    Point3 across = t.cross(axis);
    return across.times(1 / across.norm());
  }
}
