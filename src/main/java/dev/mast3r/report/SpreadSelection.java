package dev.mast3r.report;

import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.util.ArrayList;
import java.util.List;

/** Picks matches for drawing so that they cover image A instead of crowding where it is easy. */
final class SpreadSelection {

  private SpreadSelection() {}

  /**
   * Lays a grid of about {@code count} nearly square cells over A and takes the most confident
   * match of every cell, then the second of every cell, until there are {@code count}.
   */
  static List<Correspondence> of(MatchSet matches, int count, int widthA, int heightA) {
    if (matches.size() <= count) {
      return matches.correspondences();
    }
    return ordered(matches, count, widthA, heightA).subList(0, count);
  }

  /**
   * Lays a grid of about {@code cellCount} nearly square cells over A and lists the most confident
   * match of every cell, then the second of every cell, and so on: the first {@code k} cover A
   * whatever {@code k} is.
   */
  static List<Correspondence> ordered(MatchSet matches, int cellCount, int widthA, int heightA) {
    int columns = (int) Math.max(1, Math.round(Math.sqrt((double) cellCount * widthA / heightA)));
    int rows = Math.max(1, (cellCount + columns - 1) / columns);
    List<List<Correspondence>> cells = new ArrayList<>();
    for (int i = 0; i < columns * rows; i++) {
      cells.add(new ArrayList<>());
    }
    for (Correspondence match : matches.correspondences()) {
      int column = cell(match.xA(), widthA, columns);
      int row = cell(match.yA(), heightA, rows);
      cells.get(row * columns + column).add(match);
    }
    List<Correspondence> chosen = new ArrayList<>();
    for (int rank = 0; chosen.size() < matches.size(); rank++) {
      for (List<Correspondence> cell : cells) {
        if (rank < cell.size()) {
          chosen.add(cell.get(rank));
        }
      }
    }
    return chosen;
  }

  private static int cell(double coordinate, int size, int cells) {
    int cell = (int) Math.floor((coordinate + 0.5) / size * cells);
    return Math.max(0, Math.min(cells - 1, cell));
  }
}
