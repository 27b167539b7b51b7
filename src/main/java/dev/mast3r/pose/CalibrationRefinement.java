package dev.mast3r.pose;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.FundamentalMatrix;
import dev.mast3r.geometry.Point3;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.ejml.data.DMatrixRMaj;

/**
 * Moves a relative pose and the focal lengths that are not known to where the matches and the prior
 * are likeliest together: the {@link MixtureLoss} of the Sampson errors in pixels, over the five
 * parameters of {@link SampsonRefinement} and the logarithms of two focal lengths.
 */
final class CalibrationRefinement extends MixtureDescent<CalibratedMotion> {

  private static final int FOCAL_A = SampsonRefinement.PARAMETERS;
  private static final int FOCAL_B = FOCAL_A + 1;

  /**
   * The matches that count as one: a network's errors are shared by neighbours and by the whole of
   * an image, so that a thousand matches do not outvote a prior as a thousand coins would. Of 1 to
   * 300 the best on rendered pairs.
   */
  private static final double MATCHES_AS_ONE = 10;

  /** A difference of the focal lengths' logarithms that two photographs of a camera hardly have. */
  private static final double SAME_CAMERA = 0.05;

  private final List<PixelPair> pixels;
  private final FocalPrior priorA;
  private final FocalPrior priorB;

  /**
   * A match in pixels from the principal points, as {@link FocalPrior#centred} has them.
   *
   * @param a (x, y, 1)
   * @param b (x, y, 1)
   */
  record PixelPair(Point3 a, Point3 b) {}

  CalibrationRefinement(
      List<PixelPair> pixels, MixtureLoss loss, FocalPrior priorA, FocalPrior priorB) {
    super(FOCAL_B + 1, pixels.size(), loss);
    this.pixels = pixels;
    this.priorA = priorA;
    this.priorB = priorB;
  }

  @Override
  IntToDoubleFunction signedErrors(CalibratedMotion state) {
    FundamentalMatrix f =
        FundamentalMatrix.of(
            EssentialMatrix.ofMotion(state.bFromA()), state.focalA(), state.focalB());
    return i -> f.signedSampsonError(pixels.get(i).a(), pixels.get(i).b());
  }

  @Override
  CalibratedMotion moved(CalibratedMotion from, double[] step, double factor) {
    return new CalibratedMotion(
        SampsonRefinement.movedBy(from.bFromA(), step, factor),
        priorA.isKnown() ? from.focalA() : from.focalA() * Math.exp(factor * step[FOCAL_A]),
        priorB.isKnown() ? from.focalB() : from.focalB() * Math.exp(factor * step[FOCAL_B]));
  }

  /**
   * A normal prior of either focal length, and a Cauchy one of their difference in long sides,
   * which lets go of two cameras that are not the same.
   */
  @Override
  double ownCost(CalibratedMotion state) {
    double difference = difference(state) / SAME_CAMERA;
    return MATCHES_AS_ONE
        * (squared(priorA, state.focalA()) / 2
            + squared(priorB, state.focalB()) / 2
            + Math.log1p(difference * difference));
  }

  @Override
  void addOwnCost(CalibratedMotion state, double scale, DMatrixRMaj hessian, DMatrixRMaj gradient) {
    double unit = scale * MATCHES_AS_ONE;
    pull(FOCAL_A, priorA, state.focalA(), unit, hessian, gradient);
    pull(FOCAL_B, priorB, state.focalB(), unit, hessian, gradient);
    double difference = difference(state);
    double weight = unit * 2 / (SAME_CAMERA * SAME_CAMERA + difference * difference);
    double signA = priorA.isKnown() ? 0 : 1;
    double signB = priorB.isKnown() ? 0 : -1;
    gradient.add(FOCAL_A, 0, weight * signA * difference);
    gradient.add(FOCAL_B, 0, weight * signB * difference);
    hessian.add(FOCAL_A, FOCAL_A, weight * signA * signA);
    hessian.add(FOCAL_B, FOCAL_B, weight * signB * signB);
    hessian.add(FOCAL_A, FOCAL_B, weight * signA * signB);
    hessian.add(FOCAL_B, FOCAL_A, weight * signA * signB);
  }

  private static void pull(
      int at,
      FocalPrior prior,
      double focal,
      double unit,
      DMatrixRMaj hessian,
      DMatrixRMaj gradient) {
    if (!prior.isKnown()) {
      double weight = unit / (prior.spread() * prior.spread());
      gradient.add(at, 0, weight * deviation(prior, focal));
      hessian.add(at, at, weight);
    }
  }

  private static double squared(FocalPrior prior, double focal) {
    double scaled = prior.isKnown() ? 0 : deviation(prior, focal) / prior.spread();
    return scaled * scaled;
  }

  private static double deviation(FocalPrior prior, double focal) {
    return Math.log(focal / prior.intrinsics().fx());
  }

  private double difference(CalibratedMotion state) {
    return Math.log(state.focalA() / priorA.longSidePx())
        - Math.log(state.focalB() / priorB.longSidePx());
  }
}
