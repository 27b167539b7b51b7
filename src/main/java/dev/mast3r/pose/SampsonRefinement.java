package dev.mast3r.pose;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Moves a relative pose of unit translation to where its rays are likeliest: over three parameters
 * of rotation and two of direction, on the {@link MixtureLoss} of the Sampson errors.
 *
 * <p>A search stops at a pose that is good enough for its inliers; runs with different seeds end
 * degrees apart where matches are few. From there this descends to the same minimum, as the loss
 * has no edge at which matches drop in and out.
 */
final class SampsonRefinement extends MixtureDescent<Rigid3> {

  /** How many numbers a step of a motion of unit translation has. */
  static final int PARAMETERS = 5;

  private final List<RayPair> rays;

  /** Prepares a refinement on the given rays, on the plane z = 1. */
  SampsonRefinement(List<RayPair> rays, MixtureLoss loss) {
    super(PARAMETERS, rays.size(), loss);
    this.rays = rays;
  }

  @Override
  IntToDoubleFunction signedErrors(Rigid3 bFromA) {
    EssentialMatrix e = EssentialMatrix.ofMotion(bFromA);
    return i -> e.signedSampsonError(rays.get(i).a(), rays.get(i).b());
  }

  @Override
  Rigid3 moved(Rigid3 from, double[] step, double factor) {
    return movedBy(from, step, factor);
  }

  /** Turns by {@code factor} times a rotation vector and a move of t in its tangent plane. */
  static Rigid3 movedBy(Rigid3 from, double[] step, double factor) {
    Point3 turn = new Point3(step[0], step[1], step[2]).times(factor);
    Point3 t = from.translation();
    Point3 u = perpendicular(t);
    Point3 v = t.cross(u);
    Point3 direction = t.plus(u.times(factor * step[3])).plus(v.times(factor * step[4]));
    return new Rigid3(
        Rotation3.aboutAxis(turn, turn.norm()).times(from.rotation()),
        direction.times(1 / direction.norm()));
  }

  /** A unit vector across the axis that {@code t} is farthest from. */
  private static Point3 perpendicular(Point3 t) {
    double x = Math.abs(t.x());
    double y = Math.abs(t.y());
    double z = Math.abs(t.z());
    Point3 axis =
        x <= y && x <= z ? new Point3(1, 0, 0) : y <= z ? new Point3(0, 1, 0) : new Point3(0, 0, 1);
    Point3 across = t.cross(axis);
    return across.times(1 / across.norm());
  }
}
