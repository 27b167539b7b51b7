package dev.mast3r.app;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.output.PoseReport;

/**
 * A pair's pose and what it rests on.
 *
 * @param report the pose, or why there is none
 * @param pair images, correspondences and maps
 * @param intrinsicsA of the original image, as they were used
 * @param intrinsicsB likewise
 */
public record PoseEstimate(
    PoseReport report, MatchedPair pair, Intrinsics intrinsicsA, Intrinsics intrinsicsB) {}
