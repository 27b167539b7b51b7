package dev.mast3r.eval;

import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;

/**
 * What an estimated relative pose is off by.
 *
 * @param rotationDeg angle of {@code R_est^T R_true}, degrees, 0 to 180
 * @param translationAngleDeg angle between the two translation directions, degrees, 0 to 180, the
 *     sign of t counting. 0 if the true translation is zero, as there is no direction to miss; 90
 *     if only the estimated one is
 * @param centreErrorM distance of B's two camera centres {@code -R^T t} in A's frame; metres if
 *     both poses are metric, else meaningless
 */
public record PoseError(double rotationDeg, double translationAngleDeg, double centreErrorM) {

  /** Compares an estimate to the truth, both {@code x_B = R x_A + t}. */
  public static PoseError of(Rigid3 trueBFromA, Rigid3 estimatedBFromA) {
    double rotationDeg =
        estimatedBFromA.rotation().inverse().times(trueBFromA.rotation()).angleDeg();
    Point3 trueCentre = trueBFromA.inverse().translation();
    Point3 estimatedCentre = estimatedBFromA.inverse().translation();
    return new PoseError(
        rotationDeg,
        angleDeg(trueBFromA.translation(), estimatedBFromA.translation()),
        trueCentre.distanceTo(estimatedCentre));
  }

  /**
   * Returns the translation angle folded to 0 to 90 degrees, which forgives the sign: the choice of
   * the ScanNet-1500 and MegaDepth-1500 protocols.
   */
  public double foldedTranslationAngleDeg() {
    return Math.min(translationAngleDeg, 180 - translationAngleDeg);
  }

  /**
   * Returns the larger of the rotation angle and the folded translation angle, degrees: the pose
   * error that {@link AucCurve} is made of.
   */
  public double poseErrorDeg() {
    return Math.max(rotationDeg, foldedTranslationAngleDeg());
  }

  private static double angleDeg(Point3 truth, Point3 estimate) {
    if (truth.norm() == 0) {
      return 0;
    }
    if (estimate.norm() == 0) {
      return 90;
    }
    return Math.toDegrees(Math.atan2(truth.cross(estimate).norm(), truth.dot(estimate)));
  }
}
