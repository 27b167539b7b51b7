package dev.mast3r.pose;

import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Triangulation;
import dev.mast3r.match.Correspondence;
import java.util.List;

/**
 * A correspondence as two rays {@code K^-1 (x, y, 1)} of z = 1.
 *
 * @param a in A's frame
 * @param b in B's frame
 */
public record RayPair(Point3 a, Point3 b) {

  static RayPair of(Correspondence match, PoseProblem problem) {
    return new RayPair(
        problem.intrinsicsA().ray(new Point2(match.xA(), match.yA())),
        problem.intrinsicsB().ray(new Point2(match.xB(), match.yB())));
  }

  static List<RayPair> of(List<Correspondence> matches, PoseProblem problem) {
    return matches.stream().map(match -> of(match, problem)).toList();
  }

  Triangulation triangulate(Rigid3 bFromA) {
    return Triangulation.of(bFromA, a, b);
  }

  /** Returns the angle between the two rays once A's is turned to B's frame, radians. */
  double parallaxRad(Rigid3 bFromA) {
    Point3 turned = bFromA.rotation().apply(a);
    return Math.atan2(turned.cross(b).norm(), turned.dot(b));
  }
}
