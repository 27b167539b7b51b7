package dev.mast3r.pose;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.match.MatchSet;
import java.util.Optional;

/**
 * What is known of an image pair (A, B).
 *
 * @param matches in original pixels
 * @param intrinsicsA of A's original pixels
 * @param intrinsicsB of B's original pixels
 * @param points 3D points that the network saw, if it gave any
 */
public record PoseProblem(
    MatchSet matches,
    Intrinsics intrinsicsA,
    Intrinsics intrinsicsB,
    Optional<PointEvidence> points) {}
