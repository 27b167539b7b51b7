package dev.mast3r.pose;

import dev.mast3r.geometry.Point2;
import dev.mast3r.match.Correspondence;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * The box around matched pixels of an image, as the area over which a wrong match may fall.
 *
 * @param widthPx of the box, not negative
 * @param heightPx of the box, not negative
 */
record MatchedArea(double widthPx, double heightPx) {

  static MatchedArea of(List<Point2> pixels) {
    DoubleSummaryStatistics x = pixels.stream().mapToDouble(Point2::x).summaryStatistics();
    DoubleSummaryStatistics y = pixels.stream().mapToDouble(Point2::y).summaryStatistics();
    return new MatchedArea(x.getMax() - x.getMin(), y.getMax() - y.getMin());
  }

  static MatchedArea inB(List<Correspondence> matches) {
    return of(matches.stream().map(match -> new Point2(match.xB(), match.yB())).toList());
  }

  /** Returns the largest share of the box within a distance of a line; 1 or more if it is small. */
  double shareNearLine(double distancePx) {
    return share(2 * distancePx * Math.hypot(widthPx, heightPx));
  }

  /**
   * Returns the largest share of the box within a distance of a point; 1 or more if it is small.
   */
  double shareNearPoint(double distancePx) {
    return share(Math.PI * distancePx * distancePx);
  }

  private double share(double areaPx2) {
    double box = widthPx * heightPx;
    return box > 0 ? areaPx2 / box : 1;
  }
}
