package dev.mast3r.refine;

import java.util.Arrays;

/**
 * Finds out from the matches of an image pair how the surroundings of each lie in the other image.
 *
 * <p>Around a match an affine map is fitted to the matches near it by iteratively reweighted least
 * squares (Geman and McClure's weights, with a scale that falls), the near ones weighing more. It
 * starts from plain least squares in effect, as the first scale is larger than most errors, and is
 * drawn a little to a map without rotation and zoom, which is what is left where there are too few
 * neighbours. All lengths are in network pixels.
 */
final class LocalWarps {

  /** Matches of a cell and of the eight around it are neighbours. */
  private static final double CELL_PX = 12;

  /** Spread of the weights over the distance in A. */
  private static final double NEAR_PX = 12;

  /** What a match may be off before it counts for little, from step to step. */
  private static final double[] SCALES_PX = {24, 6, 3, 1.5, 1};

  /** How far the entries of the map are from those of the identity, roughly. */
  private static final double SLOPE = 0.5;

  private final double[] xA;
  private final double[] yA;
  private final double[] xB;
  private final double[] yB;
  private final int columns;
  private final int rows;

  /** Matches are sorted by cells; those of cell c are members {@code first[c]} to next. */
  private final int[] first;

  private final int[] members;

  /** Takes the coordinates of matches, which are at least 0; the arrays are not copied. */
  LocalWarps(double[] xA, double[] yA, double[] xB, double[] yB) {
    this.xA = xA;
    this.yA = yA;
    this.xB = xB;
    this.yB = yB;
    columns = cell(Arrays.stream(xA).max().orElse(0)) + 1;
    rows = cell(Arrays.stream(yA).max().orElse(0)) + 1;
    first = new int[columns * rows + 1];
    for (int i = 0; i < xA.length; i++) {
      first[cellOf(i) + 1]++;
    }
    for (int c = 0; c < columns * rows; c++) {
      first[c + 1] += first[c];
    }
    int[] next = Arrays.copyOf(first, columns * rows);
    members = new int[xA.length];
    for (int i = 0; i < xA.length; i++) {
      members[next[cellOf(i)]++] = i;
    }
  }

  private static int cell(double coordinate) {
    return Math.max(0, (int) (coordinate / CELL_PX));
  }

  private int cellOf(int match) {
    return cell(yA[match]) * columns + cell(xA[match]);
  }

  /** Returns the map around a match; the match itself is one of its neighbours. */
  LocalWarp around(int match) {
    LocalWarp warp = new LocalWarp(xB[match], yB[match], 1, 0, 0, 1);
    for (double scale : SCALES_PX) {
      warp = refit(match, warp, scale);
    }
    return warp;
  }

  private LocalWarp refit(int match, LocalWarp warp, double scale) {
    WarpFit fit = new WarpFit();
    int left = Math.max(0, cell(xA[match]) - 1);
    int right = Math.min(columns - 1, cell(xA[match]) + 1);
    int top = Math.max(0, cell(yA[match]) - 1);
    int bottom = Math.min(rows - 1, cell(yA[match]) + 1);
    for (int row = top; row <= bottom; row++) {
      int end = first[row * columns + right + 1];
      for (int m = first[row * columns + left]; m < end; m++) {
        int k = members[m];
        double dx = xA[k] - xA[match];
        double dy = yA[k] - yA[match];
        double errorX = xB[k] - warp.x() - warp.xx() * dx - warp.xy() * dy;
        double errorY = yB[k] - warp.y() - warp.yx() * dx - warp.yy() * dy;
        double off = 1 + (errorX * errorX + errorY * errorY) / (scale * scale);
        double near = Math.exp(-(dx * dx + dy * dy) / (2 * NEAR_PX * NEAR_PX));
        fit.add(near / (off * off), dx, dy, xB[k] - dx, yB[k] - dy);
      }
    }
    return fit.solve(1 / (SLOPE * SLOPE));
  }
}
