package dev.mast3r.geometry;

/** A point or vector in a camera frame with OpenCV axes: x right, y down, z forward. */
public record Point3(double x, double y, double z) {

  public Point3 plus(Point3 other) {
    return new Point3(x + other.x, y + other.y, z + other.z);
  }

  public Point3 minus(Point3 other) {
    return new Point3(x - other.x, y - other.y, z - other.z);
  }

  public Point3 times(double factor) {
    return new Point3(x * factor, y * factor, z * factor);
  }

  public double dot(Point3 other) {
    return x * other.x + y * other.y + z * other.z;
  }

  public Point3 cross(Point3 other) {
    return new Point3(
        y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x);
  }

  public double norm() {
    return Math.sqrt(dot(this));
  }

  public double distanceTo(Point3 other) {
    return minus(other).norm();
  }

  /** Returns whether no coordinate is NaN or infinite. */
  public boolean isFinite() {
    return Double.isFinite(x) && Double.isFinite(y) && Double.isFinite(z);
  }
}
