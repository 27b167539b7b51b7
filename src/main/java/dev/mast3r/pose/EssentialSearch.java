package dev.mast3r.pose;

import dev.mast3r.geometry.EssentialMatrix;
import java.util.List;

/** A robust search for the essential matrix of correspondences, some of which are wrong. */
public interface EssentialSearch {

  /**
   * Returns the candidates that fit most rays: none, one, or several if a minimal set of rays
   * leaves a choice.
   *
   * @param rays at least 5
   * @param focalPx of the image plane that the threshold counts on; between those of the images
   * @param maxErrorPx largest distance of an inlier to its epipolar line on that plane
   * @param options iterations, confidence and seed are heeded
   */
  List<EssentialMatrix> find(
      List<RayPair> rays, double focalPx, double maxErrorPx, PoseOptions options);
}
