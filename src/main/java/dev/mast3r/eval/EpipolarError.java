package dev.mast3r.eval;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;

/**
 * How far correspondences are from the epipolar lines of the true pose, in pixels: what can be said
 * of a match where the depth of the scene is not known. A match that is wrong along its line is
 * taken for a right one.
 */
public final class EpipolarError {

  private final EssentialMatrix essential;
  private final Intrinsics a;
  private final Intrinsics b;

  /**
   * @param bFromA the true motion, with a translation
   * @param a intrinsics of image A
   * @param b intrinsics of image B
   * @throws IllegalArgumentException if the translation is zero: a pure rotation has no epipolar
   *     lines
   */
  public EpipolarError(Rigid3 bFromA, Intrinsics a, Intrinsics b) {
    if (bFromA.translation().norm() == 0) {
      throw new IllegalArgumentException("a motion without translation has no epipolar lines");
    }
    this.essential = EssentialMatrix.ofMotion(bFromA);
    this.a = a;
    this.b = b;
  }

  /**
   * Returns the mean of two distances: of the pixel in B from the line of A's pixel, and of the
   * pixel in A from the line of B's. Infinite where a pixel is the epipole and has no line.
   */
  public double px(Point2 inA, Point2 inB) {
    Point3 rayA = a.ray(inA);
    Point3 rayB = b.ray(inB);
    Point3 lineInB = essential.lineInB(rayA);
    Point3 lineInA = essential.lineInA(rayB);
    double residual = Math.abs(rayB.dot(lineInB));
    // a line l of rays is K^-T l of pixels
    double slopeInB = Math.hypot(lineInB.x() / b.fx(), lineInB.y() / b.fy());
    double slopeInA = Math.hypot(lineInA.x() / a.fx(), lineInA.y() / a.fy());
    double error = (residual / slopeInB + residual / slopeInA) / 2;
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
