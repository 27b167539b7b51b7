package dev.mast3r.eval;

import java.util.Optional;

/**
 * How well one pair was matched and its pose found.
 *
 * @param poseErrorDeg see {@link PoseError#poseErrorDeg}; infinite without a pose
 * @param matches how far the correspondences are from the truth; empty where the truth gives no
 *     epipolar lines: no intrinsics, or no translation
 */
public record PairScore(double poseErrorDeg, Optional<MatchScore> matches) {}
