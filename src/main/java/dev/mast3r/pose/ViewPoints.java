package dev.mast3r.pose;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.geometry.Point3;
import java.util.Optional;

/**
 * The pointmap of one image in its own camera's frame, asked by original pixels.
 *
 * @param pointmap X^{1,1} of the pair whose first image this is
 * @param networkFromOriginal from the image's original pixels to the pointmap's
 */
public record ViewPoints(Pointmap pointmap, PixelTransform networkFromOriginal) {

  /**
   * Returns the point of the surface seen at an original pixel, by the nearest pixel of the
   * pointmap; empty outside of the map, and where the point is not finite or not in front of the
   * camera.
   */
  public Optional<Point3> at(double x, double y) {
    long column = Math.round(networkFromOriginal.applyX(x));
    long row = Math.round(networkFromOriginal.applyY(y));
    if (column < 0 || column >= pointmap.width() || row < 0 || row >= pointmap.height()) {
      return Optional.empty();
    }
    Point3 point = pointmap.get((int) column, (int) row);
    return point.isFinite() && point.z() > 0 ? Optional.of(point) : Optional.empty();
  }
}
