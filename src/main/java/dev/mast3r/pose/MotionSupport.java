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
 */
record MotionSupport(Rigid3 bFromA, List<Integer> inliers, double cost, double maxError) {

  /**
   * Standard deviation of a right match as a share of the threshold: of 0.4 to 1 the best over six
   * sets of photographs matched by SIFT.
   */
  static final double NOISE = 0.5;

  private static final int LEAST_RAYS = 6;

  static MotionSupport of(Rigid3 bFromA, List<RayPair> rays, double maxError) {
    EssentialMatrix e = EssentialMatrix.ofMotion(bFromA);
    MixtureLoss loss = new MixtureLoss(NOISE * maxError);
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
    return new MotionSupport(bFromA, List.copyOf(inliers), cost, maxError);
  }

  /** Returns the one of several motions that has most inliers, the first of equals. */
  static MotionSupport mostInFront(List<Rigid3> motions, List<RayPair> rays, double maxError) {
    return motions.stream()
        .map(motion -> of(motion, rays, maxError))
        .max(Comparator.comparingInt(support -> support.inliers().size()))
        .orElseThrow();
  }

  /** Returns where the motion descends to, by a wide loss before the narrow one. */
  MotionSupport refined(List<RayPair> rays) {
    MotionSupport best = this;
    for (double noise : new double[] {maxError, NOISE * maxError}) {
      Rigid3 from = best.bFromA;
      List<RayPair> inFront =
          rays.stream().filter(ray -> ray.triangulate(from).isInFront()).toList();
      if (inFront.size() < LEAST_RAYS) {
        break;
      }
      best =
          of(new SampsonRefinement(inFront, new MixtureLoss(noise)).descend(from), rays, maxError);
    }
    return best;
  }

  /** Returns the inliers out of a list as long as the rays. */
  <T> List<T> select(List<T> all) {
    return inliers.stream().map(all::get).toList();
  }
}
