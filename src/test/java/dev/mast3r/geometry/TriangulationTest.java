package dev.mast3r.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TriangulationTest {

  private static final Rigid3 MOTION =
      new Rigid3(Rotation3.aboutAxis(new Point3(0, 1, 0.2), -0.3), new Point3(1, 0.1, -0.2));

  @Test
  void findsBothDepthsOfAPoint() {
    Point3 inA = new Point3(0.5, -0.3, 5);
    Point3 inB = MOTION.apply(inA);

    Triangulation found = Triangulation.of(MOTION, ray(inA), ray(inB));

    assertEquals(inA.z(), found.depthA(), 1e-9);
    assertEquals(inB.z(), found.depthB(), 1e-9);
    assertTrue(found.isInFront());
  }

  @Test
  void putsThePointBehindIfTheTranslationIsTurnedRound() {
    Point3 inA = new Point3(0.5, -0.3, 5);
    Rigid3 reversed = new Rigid3(MOTION.rotation(), MOTION.translation().times(-1));

    assertFalse(Triangulation.of(reversed, ray(inA), ray(MOTION.apply(inA))).isInFront());
  }

  @Test
  void staysFiniteForParallelRays() {
    Rigid3 aside = new Rigid3(Rotation3.identity(), new Point3(1, 0, 0));
    Point3 ray = new Point3(0.2, 0.1, 1);

    Triangulation found = Triangulation.of(aside, ray, ray);

    assertTrue(Double.isFinite(found.depthA()) && Double.isFinite(found.depthB()));
  }

  private static Point3 ray(Point3 point) {
    return point.times(1 / point.z());
  }
}
