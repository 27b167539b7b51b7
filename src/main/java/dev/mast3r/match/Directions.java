package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.PACK;

/**
 * The directions of a search's queries, and how far from each something of interest may lie. A cone
 * with the axis c and the radius r may hold a direction within the angle w of q if the angle t
 * between q and c is at most w + r, that is if {@code cos t - cos w cos r + sin w sin r >= 0}. So a
 * direction is followed by {@code -cos w} and {@code sin w}.
 *
 * <p>They are kept as rows and as packs, for {@link SimilarityKernel}.
 */
final class Directions {

  /** Outweighs any cosine for every cone there is, as its sine is never 0. */
  private static final float EVERYWHERE = 1e6f;

  private final int dimension;
  private final float[] rows;
  private final float[][] packs;
  private final float slack;

  /** Room for so many directions, a multiple of a pack; nothing is within reach of them. */
  Directions(int count, int dimension) {
    this.dimension = dimension;
    this.rows = new float[count * (dimension + 2)];
    this.packs = new float[count / PACK][PACK * (dimension + 2)];
    this.slack = 2 * Cone.slack(dimension + 2);
    for (int i = 0; i < count; i++) {
      setNowhere(i);
    }
  }

  /** Components of a row. */
  int size() {
    return dimension + 2;
  }

  /** The directions as {@code [direction][dimension + 2]}. */
  float[] rows() {
    return rows;
  }

  /** A pack of directions as {@code [dimension + 2][PACK]}. */
  float[] pack(int number) {
    return packs[number];
  }

  /** The least sum, but for rounding errors, with a cone that may hold something. */
  float threshold() {
    return -slack;
  }

  /** Sets a component of a direction. */
  void set(int direction, int component, float value) {
    rows[direction * size() + component] = value;
    packs[direction / PACK][component * PACK + direction % PACK] = value;
  }

  /**
   * Sets the reach of a direction by its cosine.
   *
   * @param cos 0 or less: everything is within reach
   */
  void setReach(int direction, double cos) {
    double safe = cos - slack;
    if (safe > 0) {
      set(direction, dimension, (float) -safe);
      set(direction, dimension + 1, (float) Math.sqrt(Math.max(0, (1 - safe) * (1 + safe))));
    } else {
      set(direction, dimension, 0);
      set(direction, dimension + 1, EVERYWHERE);
    }
  }

  /** Puts nothing within reach of a direction. */
  void setNowhere(int direction) {
    set(direction, dimension, 0);
    set(direction, dimension + 1, -EVERYWHERE);
  }
}
