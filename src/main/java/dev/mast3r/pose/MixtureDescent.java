package dev.mast3r.pose;

import java.util.function.IntToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * The descent of Levenberg and Marquardt (Hartley and Zisserman, Multiple View Geometry, 2nd
 * edition, section A6.2) to the least sum of the {@link MixtureLoss} of signed errors, over a few
 * parameters about a state.
 *
 * @param <S> a state, immutable
 */
abstract class MixtureDescent<S> {

  private static final int MAX_ITERATIONS = 30;
  private static final double STEP = 1e-6;
  private static final double CONVERGED = 1e-9;
  private static final double MAX_DAMPING = 1e6;

  private final int parameters;
  private final int size;
  private final MixtureLoss loss;

  /**
   * Prepares a descent.
   *
   * @param parameters how many numbers a step has
   * @param size how many errors there are
   */
  MixtureDescent(int parameters, int size, MixtureLoss loss) {
    this.parameters = parameters;
    this.size = size;
    this.loss = loss;
  }

  /** Returns what tells the signed errors of a state by their index. */
  abstract IntToDoubleFunction signedErrors(S state);

  /**
   * Returns the state that is {@code factor} times a step away. A parameter may have no influence.
   */
  abstract S moved(S from, double[] step, double factor);

  /** Returns what a state costs whatever its errors are. */
  double ownCost(S state) {
    return 0;
  }

  /**
   * Adds the normal equations of {@link #ownCost}, all times a scale.
   *
   * @param hessian square, one row a parameter
   * @param gradient a column
   */
  void addOwnCost(S state, double scale, DMatrixRMaj hessian, DMatrixRMaj gradient) {}

  /** Returns the cost of a state. */
  final double cost(S state) {
    IntToDoubleFunction errors = signedErrors(state);
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += loss.of(errors.applyAsDouble(i));
    }
    return sum + ownCost(state);
  }

  /** Returns a state that costs no more. */
  final S descend(S start) {
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(parameters);
    S best = start;
    double bestCost = cost(best);
    double damping = 1e-3;
    for (int i = 0; i < MAX_ITERATIONS && damping < MAX_DAMPING; i++) {
      DMatrixRMaj hessian = new DMatrixRMaj(parameters, parameters);
      DMatrixRMaj gradient = new DMatrixRMaj(parameters, 1);
      linearise(best, hessian, gradient);
      for (int k = 0; k < parameters; k++) {
        hessian.set(k, k, hessian.get(k, k) * (1 + damping) + Double.MIN_NORMAL);
      }
      DMatrixRMaj step = new DMatrixRMaj(parameters, 1);
      // the solver may overwrite the matrix, which is made anew in every turn
      if (!solver.setA(hessian)) {
        break;
      }
      solver.solve(gradient, step);
      S moved = moved(best, step.data, -1);
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

  /** The weighted normal equations times the loss's variance, by forward differences. */
  private void linearise(S at, DMatrixRMaj hessian, DMatrixRMaj gradient) {
    IntToDoubleFunction here = signedErrors(at);
    IntToDoubleFunction[] near = new IntToDoubleFunction[parameters];
    for (int k = 0; k < parameters; k++) {
      double[] step = new double[parameters];
      step[k] = 1;
      near[k] = signedErrors(moved(at, step, STEP));
    }
    double[] slope = new double[parameters];
    for (int i = 0; i < size; i++) {
      double error = here.applyAsDouble(i);
      double weight = loss.weight(error);
      for (int k = 0; k < parameters; k++) {
        slope[k] = (near[k].applyAsDouble(i) - error) / STEP;
      }
      for (int k = 0; k < parameters; k++) {
        gradient.add(k, 0, weight * slope[k] * error);
        for (int other = 0; other < parameters; other++) {
          hessian.add(k, other, weight * slope[k] * slope[other]);
        }
      }
    }
    addOwnCost(at, loss.sigma() * loss.sigma(), hessian, gradient);
  }
}
