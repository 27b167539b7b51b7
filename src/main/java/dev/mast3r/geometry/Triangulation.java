package dev.mast3r.geometry;

/**
 * Where the two rays of a correspondence meet: the depths that bring {@code depthA R rayA + t} and
 * {@code depthB rayB} nearest to each other.
 *
 * <p>Depths are along the optical axes, in units of the translation. Rays that are nearly parallel
 * meet far away, in front or behind as chance has it; a point at rest on the line of both centres
 * has no meaning.
 *
 * @param depthA along A's optical axis
 * @param depthB along B's optical axis
 */
public record Triangulation(double depthA, double depthB) {

  /** Keeps parallel rays finite: rays have a norm of at least 1. */
  private static final double MIN_DETERMINANT = 1e-18;

  /**
   * Triangulates one correspondence.
   *
   * @param rayA of z = 1, in A's frame
   * @param rayB of z = 1, in B's frame
   */
  public static Triangulation of(Rigid3 bFromA, Point3 rayA, Point3 rayB) {
    Point3 turned = bFromA.rotation().apply(rayA);
    Point3 t = bFromA.translation();
    double aa = turned.dot(turned);
    double bb = rayB.dot(rayB);
    double ab = turned.dot(rayB);
    double at = turned.dot(t);
    double bt = rayB.dot(t);
    double determinant = Math.max(aa * bb - ab * ab, MIN_DETERMINANT);
    return new Triangulation((ab * bt - bb * at) / determinant, (aa * bt - ab * at) / determinant);
  }

  /** Returns whether the point lies in front of both cameras. */
  public boolean isInFront() {
    return depthA > 0 && depthB > 0;
  }
}
