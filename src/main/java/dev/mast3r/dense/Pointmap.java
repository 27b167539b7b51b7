package dev.mast3r.dense;

import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.QuarterTurns;
import dev.mast3r.geometry.Rotation3;

/**
 * One 3D point a pixel, H x W x 3 (X^{1,1} and X^{2,1} of arXiv 2406.09756, section 3.1), in the
 * camera frame that its variable names: {@code pointmapBInA}. Metres if the model is metric, else
 * of arbitrary scale.
 */
public final class Pointmap {

  private final int width;
  private final int height;
  private final float[] xyz;

  /**
   * Takes ownership of {@code xyz}: x, y, z of pixel (0,0), then of pixel (1,0), row by row.
   *
   * @throws IllegalArgumentException if the array has not {@code 3 width height} values
   */
  public Pointmap(int width, int height, float[] xyz) {
    MapShape.check(width, height, 3, xyz.length);
    this.width = width;
    this.height = height;
    this.xyz = xyz;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Returns the point of pixel {@code index = y width + x}. */
  public Point3 get(int index) {
    return new Point3(xyz[3 * index], xyz[3 * index + 1], xyz[3 * index + 2]);
  }

  public Point3 get(int x, int y) {
    return get(MapShape.index(width, height, x, y));
  }

  /**
   * Returns z of pixel {@code index}: the depth along the optical axis if the map is in its own
   * camera's frame.
   */
  public float z(int index) {
    return xyz[3 * index + 2];
  }

  /**
   * Returns the map of the turned image.
   *
   * @param rotation takes the frame of these points to that of the result
   */
  public Pointmap turned(QuarterTurns turns, Rotation3 rotation) {
    float[] turned = MapShape.turned(xyz, width, height, 3, turns);
    for (int i = 0; i < turned.length; i += 3) {
      Point3 point = rotation.apply(new Point3(turned[i], turned[i + 1], turned[i + 2]));
      turned[i] = (float) point.x();
      turned[i + 1] = (float) point.y();
      turned[i + 2] = (float) point.z();
    }
    return new Pointmap(turns.width(width, height), turns.height(width, height), turned);
  }

  /** Returns a fresh copy of all values. */
  public float[] toArray() {
    return xyz.clone();
  }
}
