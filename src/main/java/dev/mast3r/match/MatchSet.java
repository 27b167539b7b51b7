package dev.mast3r.match;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  /**
   * Returns the matches without repetitions of the same pixel pair, in order: what is said twice is
   * no more likely to be true.
   */
  public List<Correspondence> distinct() {
    Set<List<Double>> seen = new HashSet<>();
    return correspondences.stream()
        .filter(m -> seen.add(List.of(m.xA(), m.yA(), m.xB(), m.yB())))
        .toList();
  }

  public int size() {
    return correspondences.size();
  }
}
