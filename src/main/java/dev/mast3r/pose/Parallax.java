package dev.mast3r.pose;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import java.util.Arrays;
import java.util.List;

/**
 * Whether matches tell a translation at all. A camera that only turned moves every pixel as its
 * rotation says; an essential matrix can be fitted all the same, with any t.
 *
 * <p>The rotation that fits all inliers best is compared to the noise across epipolar lines: a
 * match shows parallax if it misses the rotation by more than three standard deviations.
 */
final class Parallax {

  /** Noise does not get smaller than this by accident of a fit, pixels. */
  private static final double MIN_NOISE_PX = 0.03;

  /** Standard deviation over median absolute value of a normal distribution. */
  private static final double SIGMA_OF_MEDIAN = 1.4826;

  private static final double SIGMAS = 3;

  /** A fit without parallax has 1 % of its matches beyond three deviations, and a few outliers. */
  private static final double MIN_SHARE = 0.05;

  private static final int ROTATION_ITERATIONS = 10;

  private Parallax() {}

  /** Returns whether enough of the inliers of a pose show parallax. */
  static boolean isMeasurable(List<RayPair> inliers, Rigid3 bFromA, double focalPx) {
    EssentialMatrix e = EssentialMatrix.ofMotion(bFromA);
    double[] acrossPx =
        inliers.stream().mapToDouble(ray -> focalPx * e.sampsonError(ray.a(), ray.b())).toArray();
    // The noise of both images adds up in the residual of a rotation; Sampson's error has it once.
    double noisePx = Math.max(MIN_NOISE_PX, Math.sqrt(2) * SIGMA_OF_MEDIAN * median(acrossPx));
    Rotation3 rotation = bestRotation(inliers, noisePx / focalPx);
    long moved =
        inliers.stream()
            .filter(ray -> residualPx(rotation, ray, focalPx) > SIGMAS * noisePx)
            .count();
    return moved > MIN_SHARE * inliers.size();
  }

  /**
   * The rotation that brings the bearings of A nearest to those of B, in the sum of unsquared
   * distances: Kabsch's solution, each ray weighted by its last distance, so that the wrong matches
   * that an essential matrix lets pass don't pull.
   */
  private static Rotation3 bestRotation(List<RayPair> rays, double leastRad) {
    Rotation3 rotation = Rotation3.identity();
    double[] weights = new double[rays.size()];
    Arrays.fill(weights, 1);
    for (int iteration = 0; iteration < ROTATION_ITERATIONS; iteration++) {
      double[] sum = new double[9];
      for (int k = 0; k < weights.length; k++) {
        Point3 a = unit(rays.get(k).a());
        Point3 b = unit(rays.get(k).b());
        double[] fromA = {a.x(), a.y(), a.z()};
        double[] toB = {b.x(), b.y(), b.z()};
        for (int i = 0; i < 9; i++) {
          sum[i] += weights[k] * toB[i / 3] * fromA[i % 3];
        }
      }
      rotation = Rotation3.nearestTo(sum);
      for (int k = 0; k < weights.length; k++) {
        Point3 turned = rotation.apply(unit(rays.get(k).a()));
        weights[k] = 1 / Math.max(leastRad, turned.distanceTo(unit(rays.get(k).b())));
      }
    }
    return rotation;
  }

  private static Point3 unit(Point3 p) {
    return p.times(1 / p.norm());
  }

  /** How far B's pixel is from where the rotation puts A's; infinite if it puts it behind B. */
  private static double residualPx(Rotation3 rotation, RayPair ray, double focalPx) {
    Point3 turned = rotation.apply(ray.a());
    if (turned.z() <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    return focalPx
        * Math.hypot(turned.x() / turned.z() - ray.b().x(), turned.y() / turned.z() - ray.b().y());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
