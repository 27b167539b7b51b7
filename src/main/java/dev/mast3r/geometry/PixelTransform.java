package dev.mast3r.geometry;

/**
 * An axis-aligned affine map between two pixel frames, {@code x' = scaleX x + offsetX}, likewise y.
 * Pixel coordinates have (0,0) at the centre of the top-left pixel on both sides. A variable is
 * named by both ends: {@code originalFromNetwork}.
 */
public record PixelTransform(double scaleX, double scaleY, double offsetX, double offsetY) {

  public PixelTransform {
    if (!(scaleX > 0) || !(scaleY > 0)) {
      throw new IllegalArgumentException("scales must be positive: " + scaleX + ", " + scaleY);
    }
  }

  public static PixelTransform identity() {
    return new PixelTransform(1, 1, 0, 0);
  }

  public double applyX(double x) {
    return scaleX * x + offsetX;
  }

  public double applyY(double y) {
    return scaleY * y + offsetY;
  }

  public Point2 apply(Point2 point) {
    return new Point2(applyX(point.x()), applyY(point.y()));
  }

  public PixelTransform inverse() {
    return new PixelTransform(1 / scaleX, 1 / scaleY, -offsetX / scaleX, -offsetY / scaleY);
  }

  /** Returns this map after {@code first}. */
  public PixelTransform times(PixelTransform first) {
    return new PixelTransform(
        scaleX * first.scaleX, scaleY * first.scaleY, applyX(first.offsetX), applyY(first.offsetY));
  }

  /** Carries the intrinsics of the source frame over to the target frame. */
  public Intrinsics apply(Intrinsics intrinsics) {
    return new Intrinsics(
        intrinsics.fx() * scaleX,
        intrinsics.fy() * scaleY,
        applyX(intrinsics.cx()),
        applyY(intrinsics.cy()));
  }
}
