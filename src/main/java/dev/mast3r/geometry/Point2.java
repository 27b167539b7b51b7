package dev.mast3r.geometry;

/** A point of the image plane, in pixels unless said; (0,0) is the centre of the top-left pixel. */
public record Point2(double x, double y) {

  /** Returns the Euclidean distance to {@code other}. */
  public double distanceTo(Point2 other) {
    return Math.hypot(x - other.x, y - other.y);
  }
}
