package dev.mast3r.pose.opencv;

import dev.mast3r.pose.AutoPose;
import dev.mast3r.pose.EssentialPose;
import dev.mast3r.pose.FocalFromMatches;
import dev.mast3r.pose.PnpPose;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.ProcrustesPose;
import dev.mast3r.pose.RelativePoseEstimator;
import java.util.Optional;

/** The estimators that rest on OpenCV's searches. */
public final class OpenCvPoseEstimators {

  private OpenCvPoseEstimators() {}

  /** Returns the estimator of a method, the choosing one if there is none. */
  public static RelativePoseEstimator forMethod(Optional<PoseMethod> method) {
    return method
        .map(OpenCvPoseEstimators::forMethod)
        .orElseGet(() -> new AutoPose(forMethod(PoseMethod.ESSENTIAL), forMethod(PoseMethod.PNP)));
  }

  /**
   * Returns what finds the focal lengths that nobody tells.
   *
   * @param threads at least 1; the result does not depend on it
   */
  public static FocalFromMatches focalFromMatches(int threads) {
    return new FocalFromMatches(new MagsacEssentialSearch(), threads);
  }

  private static RelativePoseEstimator forMethod(PoseMethod method) {
    return switch (method) {
      case ESSENTIAL -> new EssentialPose(new MagsacEssentialSearch());
      case PNP -> new PnpPose(new UsacPnpSearch());
      case PROCRUSTES -> new ProcrustesPose();
    };
  }
}
