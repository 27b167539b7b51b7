package dev.mast3r.geometry;

/**
 * Pinhole camera intrinsics without skew or distortion, in pixels of a named image frame; the
 * principal point counts from the centre of the top-left pixel.
 */
public record Intrinsics(double fx, double fy, double cx, double cy) {

  public Intrinsics {
    if (!(fx > 0) || !(fy > 0) || !Double.isFinite(fx + fy + cx + cy)) {
      throw new IllegalArgumentException(
          "focal lengths must be positive and finite: fx "
              + fx
              + ", fy "
              + fy
              + ", cx "
              + cx
              + ", cy "
              + cy);
    }
  }

  /**
   * Returns the intrinsics of one focal length with the principal point in the middle of a {@code
   * width x height} image.
   */
  public static Intrinsics centred(double focalPx, int width, int height) {
    return new Intrinsics(focalPx, focalPx, (width - 1) / 2.0, (height - 1) / 2.0);
  }

  /** Projects a point of the camera frame with z &gt; 0 to pixels. */
  public Point2 project(Point3 point) {
    return new Point2(fx * point.x() / point.z() + cx, fy * point.y() / point.z() + cy);
  }

  /** Returns the ray {@code K^-1 (x, y, 1)}, whose z is 1. */
  public Point3 ray(Point2 pixel) {
    return new Point3((pixel.x() - cx) / fx, (pixel.y() - cy) / fy, 1);
  }
}
