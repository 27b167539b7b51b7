package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.PACK;

/**
 * How far from each of a pack of directions something of interest may lie. A cone with the axis c
 * and the radius r may hold a direction within the angle w of q if the angle t between q and c is
 * at most w + r, that is if {@code cos t - cos w cos r + sin w sin r >= 0}.
 */
final class Reaches {

  /** Outweighs any cosine for every cone there is, as its sine is never 0. */
  private static final float EVERYWHERE = 1e6f;

  private final float[] directions;
  private final int cosines;
  private final int sines;
  private final float slack;

  /**
   * @param directions a pack as {@code [dimension + 2][PACK]}; its last two rows become {@code -cos
   *     w} and {@code sin w}
   */
  Reaches(float[] directions, int dimension) {
    this.directions = directions;
    this.cosines = dimension * PACK;
    this.sines = cosines + PACK;
    this.slack = 2 * Cone.slack(dimension + 2);
  }

  /** The least sum, but for rounding errors, with a cone that may hold something. */
  float threshold() {
    return -slack;
  }

  /**
   * Sets the reach of a direction by its cosine.
   *
   * @param cos 0 or less: everything is within reach
   */
  void set(int direction, double cos) {
    double safe = cos - slack;
    if (safe > 0) {
      directions[cosines + direction] = (float) -safe;
      directions[sines + direction] = (float) Math.sqrt(Math.max(0, (1 - safe) * (1 + safe)));
    } else {
      directions[cosines + direction] = 0;
      directions[sines + direction] = EVERYWHERE;
    }
  }

  /** Puts nothing within reach of a direction. */
  void setNowhere(int direction) {
    directions[cosines + direction] = 0;
    directions[sines + direction] = -EVERYWHERE;
  }
}
