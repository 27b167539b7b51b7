package dev.mast3r.pose;

import dev.mast3r.dense.Pointmap;
import java.util.OptionalDouble;

/**
 * The focal length of an image from its pointmap in its own camera's frame: the one under which the
 * points project best to the pixels that they belong to.
 *
 * <p>Minimises the sum of unsquared distances {@code |q - f g|}, {@code q} being a pixel from the
 * principal point and {@code g = (x/z, y/z)} its point, by Weiszfeld's iteration (DUSt3R, arXiv
 * 2312.14132, section 3.3).
 *
 * <p>Departures: the principal point is the middle of the image, {@code ((W-1)/2, (H-1)/2)} with
 * pixel centres at whole numbers, where the official code has {@code (W/2, H/2)}; points that are
 * not finite or not in front of the camera don't take part. As there: one focal length for both
 * axes, no weight by confidence.
 */
public final class FocalFromPointmap {

  private static final int ITERATIONS = 10;
  private static final double MIN_DISTANCE_PX = 1e-8;

  private FocalFromPointmap() {}

  /**
   * Returns the focal length in pixels of the pointmap; empty if no point is usable or the best fit
   * is not positive.
   *
   * @param pointmapInOwnFrame X^{1,1}, of any scale
   */
  public static OptionalDouble focalPx(Pointmap pointmapInOwnFrame) {
    double focal = reweighted(pointmapInOwnFrame, OptionalDouble.empty());
    for (int i = 0; i < ITERATIONS && focal > 0; i++) {
      focal = reweighted(pointmapInOwnFrame, OptionalDouble.of(focal));
    }
    return focal > 0 && Double.isFinite(focal) ? OptionalDouble.of(focal) : OptionalDouble.empty();
  }

  /**
   * One step: the weighted least squares fit, NaN if no point is usable. Without a last focal
   * length all pixels weigh the same.
   */
  private static double reweighted(Pointmap points, OptionalDouble lastFocal) {
    double centreX = (points.width() - 1) / 2.0;
    double centreY = (points.height() - 1) / 2.0;
    double along = 0;
    double squared = 0;
    for (int y = 0; y < points.height(); y++) {
      for (int x = 0; x < points.width(); x++) {
        int index = y * points.width() + x;
        float z = points.z(index);
        double gx = points.get(index).x() / z;
        double gy = points.get(index).y() / z;
        if (!(z > 0) || !Double.isFinite(gx) || !Double.isFinite(gy)) {
          continue;
        }
        double qx = x - centreX;
        double qy = y - centreY;
        double weight = 1;
        if (lastFocal.isPresent()) {
          double f = lastFocal.getAsDouble();
          weight = 1 / Math.max(Math.hypot(qx - f * gx, qy - f * gy), MIN_DISTANCE_PX);
        }
        along += weight * (gx * qx + gy * qy);
        squared += weight * (gx * gx + gy * gy);
      }
    }
    return along / squared;
  }
}
