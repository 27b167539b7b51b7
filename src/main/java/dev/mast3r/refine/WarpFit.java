package dev.mast3r.refine;

/**
 * Weighted least squares for a {@link LocalWarp}. What is fitted is the difference to the map that
 * neither turns nor zooms; the larger the ridge, the closer to that the result.
 */
final class WarpFit {

  private double s;
  private double sx;
  private double sy;
  private double sxx;
  private double sxy;
  private double syy;
  private double u;
  private double v;
  private double ux;
  private double uy;
  private double vx;
  private double vy;

  /**
   * Adds a neighbour.
   *
   * @param dx from the point in A to it
   * @param atX where it lies in B, less dx
   */
  void add(double weight, double dx, double dy, double atX, double atY) {
    double wx = weight * dx;
    double wy = weight * dy;
    s += weight;
    sx += wx;
    sy += wy;
    sxx += wx * dx;
    sxy += wx * dy;
    syy += wy * dy;
    u += weight * atX;
    v += weight * atY;
    ux += wx * atX;
    uy += wy * atX;
    vx += wx * atY;
    vy += wy * atY;
  }

  /**
   * Returns the map.
   *
   * @param ridge of the four slopes; above 0, so that one neighbour is enough
   */
  LocalWarp solve(double ridge) {
    double xx = sxx - sx * sx / s + ridge;
    double xy = sxy - sx * sy / s;
    double yy = syy - sy * sy / s + ridge;
    double determinant = xx * yy - xy * xy;
    double gx = ux - u * sx / s;
    double gy = uy - u * sy / s;
    double hx = vx - v * sx / s;
    double hy = vy - v * sy / s;
    double slopeXx = (yy * gx - xy * gy) / determinant;
    double slopeXy = (xx * gy - xy * gx) / determinant;
    double slopeYx = (yy * hx - xy * hy) / determinant;
    double slopeYy = (xx * hy - xy * hx) / determinant;
    return new LocalWarp(
        (u - slopeXx * sx - slopeXy * sy) / s,
        (v - slopeYx * sx - slopeYy * sy) / s,
        1 + slopeXx,
        slopeXy,
        slopeYx,
        1 + slopeYy);
  }
}
