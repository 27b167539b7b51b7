package dev.mast3r.eval;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;

/**
 * The virtual correspondence reprojection error of the Map-free benchmark (arXiv 2210.05494): how
 * far virtual objects in front of the query camera would be drawn from where they belong, pixels.
 *
 * <p>The objects are a grid of 7 x 4 x 7 points, 0.3 m apart, in the query camera's frame, 1.8 to
 * 3.6 m away. Each is projected as it is and after a detour through both poses; both pixels are
 * clamped to the image, and the mean distance counts. As in the benchmark's code, points that the
 * detour puts behind the camera are projected like any other.
 */
public final class Vcre {

  private static final int COLUMNS = 7;
  private static final int ROWS = 4;
  private static final int LAYERS = 7;
  private static final double SPACING_M = 0.3;
  private static final double FIRST_X_M = -0.9;
  private static final double FIRST_Y_M = -0.45;
  private static final double FIRST_Z_M = 1.8;

  private Vcre() {}

  /**
   * Returns the error of one query, pixels, 0 to the image's diagonal.
   *
   * @param intrinsics of the query
   * @param width of the query, pixels; the clamp is to {@code [0, width]} as in the benchmark
   * @param height of the query, pixels
   */
  public static double px(
      Rigid3 trueQueryFromReference,
      Rigid3 estimatedQueryFromReference,
      Intrinsics intrinsics,
      int width,
      int height) {
    Rigid3 detour = estimatedQueryFromReference.times(trueQueryFromReference.inverse());
    double sum = 0;
    for (int layer = 0; layer < LAYERS; layer++) {
      for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
          Point3 point =
              new Point3(
                  FIRST_X_M + SPACING_M * column,
                  FIRST_Y_M + SPACING_M * row,
                  FIRST_Z_M + SPACING_M * layer);
          Point2 belongs = clamped(intrinsics.project(point), width, height);
          Point2 drawn = clamped(intrinsics.project(detour.apply(point)), width, height);
          sum += belongs.distanceTo(drawn);
        }
      }
    }
    return sum / (COLUMNS * ROWS * LAYERS);
  }

  private static Point2 clamped(Point2 pixel, int width, int height) {
    return new Point2(
        Math.max(0, Math.min(width, pixel.x())), Math.max(0, Math.min(height, pixel.y())));
  }
}
