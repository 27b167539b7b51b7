package dev.mast3r.match;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a limited number of correspondences, spread evenly over both images.
 *
 * <p>The K most confident ones, or the K first, crowd in a few places; poses from evenly spread
 * ones are better (arXiv 2406.09756, appendix B.2: sampling by basin, not uniformly over matches).
 * Each image is cut into about K square cells. Round r goes through the correspondences left, the
 * most confident first, and takes those whose cell in A and whose cell in B both hold fewer than r,
 * until K are taken. The paper gets its spread from the seeds; this choice is ours and keeps it for
 * any number.
 */
public final class SpatialSelection {

  private final CellGrid gridA;
  private final CellGrid gridB;
  private final int maxMatches;

  /** Takes the sizes of the two pixel frames that the correspondences are in. */
  public SpatialSelection(int widthA, int heightA, int widthB, int heightB, int maxMatches) {
    this.gridA = CellGrid.of(widthA, heightA, maxMatches);
    this.gridB = CellGrid.of(widthB, heightB, maxMatches);
    this.maxMatches = maxMatches;
  }

  /** Returns all of at most K correspondences, else K of them, ordered as {@link MatchSet} does. */
  public List<Correspondence> select(List<Correspondence> correspondences) {
    List<Correspondence> left = new MatchSet(correspondences).correspondences();
    if (left.size() <= maxMatches) {
      return left;
    }
    int[] takenA = new int[gridA.cells()];
    int[] takenB = new int[gridB.cells()];
    List<Correspondence> selected = new ArrayList<>(maxMatches);
    for (int round = 1; selected.size() < maxMatches; round++) {
      List<Correspondence> next = new ArrayList<>();
      for (Correspondence match : left) {
        int cellA = gridA.cell(match.xA(), match.yA());
        int cellB = gridB.cell(match.xB(), match.yB());
        if (selected.size() < maxMatches && takenA[cellA] < round && takenB[cellB] < round) {
          takenA[cellA]++;
          takenB[cellB]++;
          selected.add(match);
        } else {
          next.add(match);
        }
      }
      left = next;
    }
    return new MatchSet(selected).correspondences();
  }

  /** Square cells over a pixel frame; pixel centres are at whole numbers. */
  private record CellGrid(double side, int columns, int rows) {

    static CellGrid of(int width, int height, int wantedCells) {
      double side = Math.max(1, Math.sqrt((double) width * height / wantedCells));
      return new CellGrid(side, (int) Math.ceil(width / side), (int) Math.ceil(height / side));
    }

    int cells() {
      return columns * rows;
    }

    int cell(double x, double y) {
      int column = Math.min(columns - 1, (int) (x / side));
      int row = Math.min(rows - 1, (int) (y / side));
      return row * columns + column;
    }
  }
}
