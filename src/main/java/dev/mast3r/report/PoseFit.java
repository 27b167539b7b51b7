package dev.mast3r.report;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.match.Correspondence;
import java.util.OptionalDouble;

/**
 * How far matches are from a pose: the Sampson error in pixels of the original images, that is to
 * first order the distance by which both points together would have to move to fit the epipolar
 * geometry (Hartley and Zisserman, Multiple View Geometry, 2nd edition, equation 11.9).
 */
public final class PoseFit {

  private final EssentialMatrix essential;
  private final Intrinsics intrinsicsA;
  private final Intrinsics intrinsicsB;
  private final double meanFocalPx;
  private final boolean hasDirection;
  private final double limitPx;

  /**
   * @param bFromA {@code x_B = R x_A + t}; t of any length
   * @param limitPx the error up to which a match counts as an inlier, positive
   */
  public PoseFit(Rigid3 bFromA, Intrinsics intrinsicsA, Intrinsics intrinsicsB, double limitPx) {
    this.essential = EssentialMatrix.ofMotion(bFromA);
    this.intrinsicsA = intrinsicsA;
    this.intrinsicsB = intrinsicsB;
    this.meanFocalPx =
        (intrinsicsA.fx() + intrinsicsA.fy() + intrinsicsB.fx() + intrinsicsB.fy()) / 4;
    this.hasDirection = bFromA.translation().norm() > 0;
    this.limitPx = limitPx;
  }

  /** Returns the error up to which a match counts as an inlier. */
  double limitPx() {
    return limitPx;
  }

  /** Returns the error of a match; nothing if the motion has no translation. */
  OptionalDouble errorPx(Correspondence match) {
    if (!hasDirection) {
      return OptionalDouble.empty();
    }
    double error =
        essential.sampsonError(
            intrinsicsA.ray(new Point2(match.xA(), match.yA())),
            intrinsicsB.ray(new Point2(match.xB(), match.yB())));
    return OptionalDouble.of(error * meanFocalPx);
  }
}
