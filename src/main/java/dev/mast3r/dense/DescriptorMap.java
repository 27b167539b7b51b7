package dev.mast3r.dense;

import dev.mast3r.geometry.QuarterTurns;

/**
 * One descriptor a pixel, H x W x d of unit L2 norm (d = 24 in arXiv 2406.09756, section 3.2). For
 * unit vectors the largest dot product is the smallest distance.
 */
public final class DescriptorMap {

  private final int width;
  private final int height;
  private final int dimension;
  private final float[] values;

  /**
   * Takes ownership of {@code values}: the d components of pixel (0,0), then of pixel (1,0), row by
   * row.
   *
   * @throws IllegalArgumentException if the array has not {@code width height dimension} values
   */
  public DescriptorMap(int width, int height, int dimension, float[] values) {
    MapShape.check(width, height, dimension, values.length);
    this.width = width;
    this.height = height;
    this.dimension = dimension;
    this.values = values;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  public int dimension() {
    return dimension;
  }

  /** Returns component {@code k} of pixel {@code index = y width + x}. */
  public float get(int index, int k) {
    return values[index * dimension + k];
  }

  /** Copies the descriptor of pixel {@code index} to {@code target[offset ..]}. */
  public void copyInto(int index, float[] target, int offset) {
    System.arraycopy(values, index * dimension, target, offset, dimension);
  }

  /** Returns the map of the turned image. */
  public DescriptorMap turned(QuarterTurns turns) {
    return new DescriptorMap(
        turns.width(width, height),
        turns.height(width, height),
        dimension,
        MapShape.turned(values, width, height, dimension, turns));
  }

  /** Returns a fresh copy of all values. */
  public float[] toArray() {
    return values.clone();
  }
}
