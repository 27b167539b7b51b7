package dev.mast3r.geometry;

/**
 * A rigid motion {@code x_b = R x_a + t} that takes points from frame a to frame b. A variable of
 * this type is named {@code bFromA}; {@code cFromB.times(bFromA)} is then {@code cFromA}.
 */
public record Rigid3(Rotation3 rotation, Point3 translation) {

  public static Rigid3 identity() {
    return new Rigid3(Rotation3.identity(), new Point3(0, 0, 0));
  }

  public Point3 apply(Point3 point) {
    return rotation.apply(point).plus(translation);
  }

  /** Returns this motion after {@code first}. */
  public Rigid3 times(Rigid3 first) {
    return new Rigid3(rotation.times(first.rotation), apply(first.translation));
  }

  public Rigid3 inverse() {
    Rotation3 inverse = rotation.inverse();
    return new Rigid3(inverse, inverse.apply(translation).times(-1));
  }
}
