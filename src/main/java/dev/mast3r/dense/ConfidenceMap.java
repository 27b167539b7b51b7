package dev.mast3r.dense;

import dev.mast3r.geometry.QuarterTurns;

/**
 * One confidence a pixel, H x W. The range is the model's: (1, inf) for pointmaps and (0, inf) for
 * descriptors of the official checkpoint. Not a probability.
 */
public final class ConfidenceMap {

  private final int width;
  private final int height;
  private final float[] values;

  /**
   * Takes ownership of {@code values}, row by row.
   *
   * @throws IllegalArgumentException if the array has not {@code width height} values
   */
  public ConfidenceMap(int width, int height, float[] values) {
    MapShape.check(width, height, 1, values.length);
    this.width = width;
    this.height = height;
    this.values = values;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Returns the confidence of pixel {@code index = y width + x}. */
  public float get(int index) {
    return values[index];
  }

  public float get(int x, int y) {
    return values[MapShape.index(width, height, x, y)];
  }

  /** Returns the map of the turned image. */
  public ConfidenceMap turned(QuarterTurns turns) {
    return new ConfidenceMap(
        turns.width(width, height),
        turns.height(width, height),
        MapShape.turned(values, width, height, 1, turns));
  }

  /** Returns a fresh copy of all values. */
  public float[] toArray() {
    return values.clone();
  }
}
