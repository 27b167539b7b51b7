package dev.mast3r.pose;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;

/**
 * What is known of a camera before the matches are asked for its focal length.
 *
 * @param intrinsics of the original pixels; principal point and ratio of the focal lengths are
 *     taken as they are
 * @param longSidePx of the original image: two photographs of one camera have the same focal length
 *     in long sides
 * @param spread standard deviation of the focal length's logarithm; 0: it is known
 */
public record FocalPrior(Intrinsics intrinsics, int longSidePx, double spread) {

  public FocalPrior {
    if (longSidePx < 1 || !(spread >= 0)) {
      throw new IllegalArgumentException("long side " + longSidePx + ", spread " + spread);
    }
  }

  /** Returns whether the focal length stays as it is. */
  public boolean isKnown() {
    return spread == 0;
  }

  /** Returns the same camera with {@code factor} times the focal length, if it may be another. */
  FocalPrior times(double factor) {
    return isKnown() ? this : withFocal(intrinsics.fx() * factor);
  }

  FocalPrior withFocal(double fx) {
    double fy = fx * intrinsics.fy() / intrinsics.fx();
    return new FocalPrior(
        new Intrinsics(fx, fy, intrinsics.cx(), intrinsics.cy()), longSidePx, spread);
  }

  /** Returns a pixel from the principal point, in pixels of the x-axis along both axes. */
  Point2 centred(double x, double y) {
    return new Point2(
        x - intrinsics.cx(), (y - intrinsics.cy()) * intrinsics.fx() / intrinsics.fy());
  }
}
