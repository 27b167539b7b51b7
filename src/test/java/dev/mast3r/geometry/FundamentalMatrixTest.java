package dev.mast3r.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FundamentalMatrixTest {

  private static final Rigid3 B_FROM_A =
      new Rigid3(
          Rotation3.aboutAxis(new Point3(0.2, 1, -0.3), Math.toRadians(12)),
          new Point3(-0.6, 0.1, 0.2));

  private static final EssentialMatrix E = EssentialMatrix.ofMotion(B_FROM_A);

  private static Point3 pixel(Point3 inCamera, double focal) {
    return new Point3(focal * inCamera.x() / inCamera.z(), focal * inCamera.y() / inCamera.z(), 1);
  }

  @Test
  void aPointsPixelsFit() {
    FundamentalMatrix f = FundamentalMatrix.of(E, 500, 800);
    Point3 point = new Point3(0.4, -0.7, 3);

    assertEquals(
        0, f.signedSampsonError(pixel(point, 500), pixel(B_FROM_A.apply(point), 800)), 1e-10);
  }

  @Test
  void anErrorIsThatOfTheRaysInPixels() {
    FundamentalMatrix f = FundamentalMatrix.of(E, 500, 500);
    Point3 rayA = new Point3(0.1, -0.2, 1);
    Point3 rayB = new Point3(-0.05, -0.15, 1);

    assertEquals(
        500 * E.signedSampsonError(rayA, rayB),
        f.signedSampsonError(pixel(rayA, 500), pixel(rayB, 500)),
        1e-9);
  }

  @Test
  void measuresHowFarBothPixelsTogetherAreFromOneRow() {
    Rigid3 sideways = new Rigid3(Rotation3.identity(), new Point3(-1, 0, 0));
    FundamentalMatrix f = FundamentalMatrix.of(EssentialMatrix.ofMotion(sideways), 500, 500);

    // rows apart by 2: the pixels together move by sqrt(1 + 1)
    assertEquals(
        Math.sqrt(2),
        Math.abs(f.signedSampsonError(new Point3(30, 10, 1), new Point3(-20, 12, 1))),
        1e-12);
  }
}
