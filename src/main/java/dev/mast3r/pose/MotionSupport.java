package dev.mast3r.pose;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Rigid3;
import java.util.ArrayList;
import java.util.List;

/**
 * A motion and what speaks for it.
 *
 * @param bFromA of unit translation
 * @param inliers indices of the rays within the error and in front of both cameras, ascending
 * @param cost sum of {@code min(e^2, (2 maxError)^2)}, as MSAC has it
 * @param maxError largest error of an inlier on the plane z = 1
 */
record MotionSupport(Rigid3 bFromA, List<Integer> inliers, double cost, double maxError) {

  /** Cost and refinement look at this many times the threshold, so as not to depend on it. */
  private static final double GATE = 2;

  /** The error from which on refinement distrusts a match, as a share of the threshold. */
  private static final double SOFTNESS = 0.5;

  private static final int REFINEMENTS = 3;
  private static final int LEAST_RAYS = 6;

  static MotionSupport of(Rigid3 bFromA, List<RayPair> rays, double maxError) {
    EssentialMatrix e = EssentialMatrix.ofMotion(bFromA);
    double maxCost = GATE * GATE * maxError * maxError;
    List<Integer> inliers = new ArrayList<>();
    double cost = 0;
    for (int i = 0; i < rays.size(); i++) {
      RayPair ray = rays.get(i);
      double error = e.sampsonError(ray.a(), ray.b());
      boolean inFront = ray.triangulate(bFromA).isInFront();
      cost += inFront ? Math.min(error * error, maxCost) : maxCost;
      if (inFront && error <= maxError) {
        inliers.add(i);
      }
    }
    return new MotionSupport(bFromA, List.copyOf(inliers), cost, maxError);
  }

  /** Returns where the motion descends to, gathering its rays anew a few times. */
  MotionSupport refined(List<RayPair> rays) {
    MotionSupport best = this;
    for (int round = 0; round < REFINEMENTS; round++) {
      List<RayPair> near = of(best.bFromA, rays, GATE * maxError).select(rays);
      if (near.size() < LEAST_RAYS) {
        break;
      }
      Rigid3 moved = new SampsonRefinement(near, SOFTNESS * maxError).refine(best.bFromA);
      best = of(moved, rays, maxError);
    }
    return best;
  }

  /** Returns the inliers out of a list as long as the rays. */
  <T> List<T> select(List<T> all) {
    return inliers.stream().map(all::get).toList();
  }
}
