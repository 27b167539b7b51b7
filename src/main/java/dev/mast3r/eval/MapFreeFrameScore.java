package dev.mast3r.eval;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Rigid3;

/**
 * What the pose of a Map-free query is off by.
 *
 * @param translationM distance of the camera centres, metres
 * @param rotationDeg degrees, 0 to 180
 * @param vcrePx see {@link Vcre}
 * @param confidence of the pose, not negative; ranks the frames
 */
public record MapFreeFrameScore(
    double translationM, double rotationDeg, double vcrePx, double confidence) {

  /** Compares a pose to the truth, both from the reference's camera to the query's. */
  public static MapFreeFrameScore of(
      Rigid3 trueQueryFromReference,
      Rigid3 estimatedQueryFromReference,
      double confidence,
      Intrinsics query,
      int width,
      int height) {
    PoseError error = PoseError.of(trueQueryFromReference, estimatedQueryFromReference);
    return new MapFreeFrameScore(
        error.centreErrorM(),
        error.rotationDeg(),
        Vcre.px(trueQueryFromReference, estimatedQueryFromReference, query, width, height),
        confidence);
  }
}
