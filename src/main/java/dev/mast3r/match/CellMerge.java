package dev.mast3r.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Merges the correspondences of overlapping windows: of those that begin in the same square cell of
 * image A the most confident one stays, of equal ones the first.
 */
public final class CellMerge {

  private final double cellSidePx;
  private final Map<Long, Correspondence> best = new HashMap<>();

  /**
   * @param cellSidePx in pixels of image A, positive
   */
  public CellMerge(double cellSidePx) {
    if (!(cellSidePx > 0)) {
      throw new IllegalArgumentException("cells need a positive side, found " + cellSidePx);
    }
    this.cellSidePx = cellSidePx;
  }

  public void add(MatchSet matches) {
    for (Correspondence match : matches.correspondences()) {
      long column = (long) Math.floor(match.xA() / cellSidePx);
      long row = (long) Math.floor(match.yA() / cellSidePx);
      best.merge(
          row << 32 | (column & 0xffffffffL),
          match,
          (known, other) -> other.confidence() > known.confidence() ? other : known);
    }
  }

  /** Returns what stays, in no particular order. */
  public List<Correspondence> correspondences() {
    return new ArrayList<>(best.values());
  }
}
