package dev.mast3r.eval;

import dev.mast3r.geometry.Point2;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the correspondences of a pair are from the true epipolar lines.
 *
 * @param medianPx of {@link EpipolarError}; infinite if there is no correspondence
 * @param near the share of correspondences within {@value #NEAR_PX} px, 0 to 1; 0 if there is none
 */
public record MatchScore(double medianPx, double near) {

  /** A match counts as right up to this error, pixels of the original images. */
  public static final double NEAR_PX = 3;

  /** The score of a pair without correspondences. */
  public static final MatchScore NONE = new MatchScore(Double.POSITIVE_INFINITY, 0);

  /** Two pixels that are said to show the same point. */
  public record PixelPair(Point2 inA, Point2 inB) {}

  /** Measures correspondences. */
  public static MatchScore of(EpipolarError truth, List<PixelPair> pairs) {
    if (pairs.isEmpty()) {
      return NONE;
    }
    List<Double> errors = new ArrayList<>();
    for (PixelPair pair : pairs) {
      errors.add(truth.px(pair.inA(), pair.inB()));
    }
    long near = errors.stream().filter(error -> error <= NEAR_PX).count();
    return new MatchScore(Median.of(errors), (double) near / errors.size());
  }
}
