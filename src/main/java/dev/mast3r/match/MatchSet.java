package dev.mast3r.match;

import java.util.Comparator;
import java.util.List;

/**
 * The correspondences of an image pair, ordered by confidence, high first; ties by yA, xA, yB, xB.
 */
public record MatchSet(List<Correspondence> correspondences) {

  private static final Comparator<Correspondence> ORDER =
      Comparator.comparingDouble(Correspondence::confidence)
          .reversed()
          .thenComparingDouble(Correspondence::yA)
          .thenComparingDouble(Correspondence::xA)
          .thenComparingDouble(Correspondence::yB)
          .thenComparingDouble(Correspondence::xB);

  /** Copies and orders the given correspondences. */
  public MatchSet {
    correspondences = correspondences.stream().sorted(ORDER).toList();
  }

  public int size() {
    return correspondences.size();
  }
}
