package dev.mast3r.pose;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Rigid3;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A motion and what speaks for it.
 *
 * @param bFromA of unit translation
 * @param inliers indices of the rays within the error and in front of both cameras, ascending
 * @param cost of all rays under a {@link MixtureLoss}, those behind a camera as wrong
 * @param maxError largest error of an inlier on the plane z = 1
 * @param noise standard deviation of a right match, in largest errors
 */
record MotionSupport(
    Rigid3 bFromA, List<Integer> inliers, double cost, double maxError, double noise) {

  /** Standard deviations of the first steps of a descent, in largest errors. */
  private static final double[] WIDE = {1, 0.5};

  private static final int LEAST_RAYS = 6;

  static MotionSupport of(Rigid3 bFromA, List<RayPair> rays, double maxError, double noise) {
    EssentialMatrix e = EssentialMatrix.ofMotion(bFromA);
    MixtureLoss loss = new MixtureLoss(noise * maxError);
    List<Integer> inliers = new ArrayList<>();
    double cost = 0;
    for (int i = 0; i < rays.size(); i++) {
      RayPair ray = rays.get(i);
      double error = e.sampsonError(ray.a(), ray.b());
      boolean inFront = ray.triangulate(bFromA).isInFront();
      cost += inFront ? loss.of(error) : loss.limit();
      if (inFront && error <= maxError) {
        inliers.add(i);
      }
    }
    return new MotionSupport(bFromA, List.copyOf(inliers), cost, maxError, noise);
  }

  /** Returns the one of several motions that has most inliers, the first of equals. */
  static MotionSupport mostInFront(
      List<Rigid3> motions, List<RayPair> rays, double maxError, double noise) {
    return motions.stream()
        .map(motion -> of(motion, rays, maxError, noise))
        .max(Comparator.comparingInt(support -> support.inliers().size()))
        .orElseThrow();
  }

  /** Returns where the motion descends to, by wide losses before the narrow one. */
  MotionSupport refined(List<RayPair> rays) {
    MotionSupport best = this;
    for (double wide : WIDE) {
      if (wide > noise) {
        best = best.descended(rays, wide);
      }
    }
    return best.descended(rays, noise);
  }

  private MotionSupport descended(List<RayPair> rays, double width) {
    List<RayPair> inFront =
        rays.stream().filter(ray -> ray.triangulate(bFromA).isInFront()).toList();
    if (inFront.size() < LEAST_RAYS) {
      return this;
    }
    MixtureLoss loss = new MixtureLoss(width * maxError);
    return of(new SampsonRefinement(inFront, loss).descend(bFromA), rays, maxError, noise);
  }

  /** Returns the inliers out of a list as long as the rays. */
  <T> List<T> select(List<T> all) {
    return inliers.stream().map(all::get).toList();
  }
}
