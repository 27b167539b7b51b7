package dev.mast3r.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import org.junit.jupiter.api.Test;

class EpipolarErrorTest {

  private static final Intrinsics K = new Intrinsics(500, 500, 320, 240);

  /** Rectified: every epipolar line is the row itself. */
  private static final Rigid3 SIDEWAYS = new Rigid3(Rotation3.identity(), new Point3(-0.2, 0, 0));

  @Test
  void isTheDistanceFromTheRowForARectifiedPair() {
    EpipolarError error = new EpipolarError(SIDEWAYS, K, K);

    assertEquals(0, error.px(new Point2(100, 50), new Point2(80, 50)), 1e-12);
    assertEquals(3, error.px(new Point2(100, 50), new Point2(80, 53)), 1e-9);
    assertEquals(3, error.px(new Point2(400, 50), new Point2(7, 47)), 1e-9);
  }

  @Test
  void averagesTheDistancesInBothImages() {
    // B has twice the focal length: one pixel of A is two of B
    Intrinsics twice = new Intrinsics(1000, 1000, 320, 240);

    double px =
        new EpipolarError(SIDEWAYS, K, twice).px(new Point2(320, 240), new Point2(300, 244));

    assertEquals((4 + 2) / 2.0, px, 1e-9);
  }

  @Test
  void isZeroForProjectionsOfOnePointAndScalesWithTheImages() {
    Rigid3 bFromA =
        new Rigid3(Rotation3.aboutAxis(new Point3(0.2, 1, 0.1), 0.6), new Point3(-1, 0.2, 0.3));
    Point3 point = new Point3(0.3, -0.4, 3);
    Point2 inA = K.project(point);
    Point2 inB = K.project(bFromA.apply(point));
    Intrinsics finer = new Intrinsics(1000, 1000, 640, 480);

    assertEquals(0, new EpipolarError(bFromA, K, K).px(inA, inB), 1e-9);
    double px = new EpipolarError(bFromA, K, K).px(inA, new Point2(inB.x() + 5, inB.y() - 9));
    double twice =
        new EpipolarError(bFromA, finer, finer)
            .px(
                new Point2(2 * inA.x(), 2 * inA.y()),
                new Point2(2 * (inB.x() + 5), 2 * (inB.y() - 9)));
    assertEquals(2 * px, twice, 1e-9);
  }

  @Test
  void knowsNothingOfAPureRotation() {
    Rigid3 turn = new Rigid3(Rotation3.aboutAxis(new Point3(0, 1, 0), 0.3), new Point3(0, 0, 0));

    assertThrows(IllegalArgumentException.class, () -> new EpipolarError(turn, K, K));
  }
}
