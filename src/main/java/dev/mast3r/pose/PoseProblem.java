package dev.mast3r.pose;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
    Optional<PointEvidence> points) {

  /**
   * Returns the matches without repetitions of the same pixel pair, in order: what is said twice is
   * no more likely to be true.
   */
  public List<Correspondence> distinctMatches() {
    Set<List<Double>> seen = new HashSet<>();
    return matches.correspondences().stream()
        .filter(m -> seen.add(List.of(m.xA(), m.yA(), m.xB(), m.yB())))
        .toList();
  }
}
