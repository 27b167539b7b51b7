package dev.mast3r.geometry;

/** A unit quaternion, w first and {@code w >= 0}: the form in which files carry a rotation. */
public record Quaternion(double w, double x, double y, double z) {

  /**
   * Normalises the four numbers and picks the sign with {@code w >= 0}.
   *
   * @throws IllegalArgumentException if a number is not finite or the norm is below 1e-12
   */
  public static Quaternion of(double w, double x, double y, double z) {
    double norm = Math.sqrt(w * w + x * x + y * y + z * z);
    if (!(norm > 1e-12) || !Double.isFinite(norm)) {
      throw new IllegalArgumentException(
          "not a rotation: quaternion " + w + " " + x + " " + y + " " + z);
    }
    double scale = (w < 0 ? -1 : 1) / norm;
    return new Quaternion(w * scale, x * scale, y * scale, z * scale);
  }

  /** Returns the same rotation as a matrix. */
  public Rotation3 toRotation() {
    return Rotation3.of(
        new double[] {
          1 - 2 * (y * y + z * z),
          2 * (x * y - z * w),
          2 * (x * z + y * w),
          2 * (x * y + z * w),
          1 - 2 * (x * x + z * z),
          2 * (y * z - x * w),
          2 * (x * z - y * w),
          2 * (y * z + x * w),
          1 - 2 * (x * x + y * y)
        });
  }
}
