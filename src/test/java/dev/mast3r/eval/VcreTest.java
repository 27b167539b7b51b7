package dev.mast3r.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import org.junit.jupiter.api.Test;

class VcreTest {

  private static final Intrinsics CAMERA = new Intrinsics(590, 590, 269.5, 359.5);
  private static final Rigid3 TRUTH =
      new Rigid3(Rotation3.aboutAxis(new Point3(0.3, 1, 0), 0.4), new Point3(0.5, 0.1, -0.3));

  @Test
  void isZeroForTheTruth() {
    assertEquals(0, Vcre.px(TRUTH, TRUTH, CAMERA, 540, 720), 1e-9);
  }

  @Test
  void agreesWithTheBenchmarkForAShiftOfTenCentimetres() {
    Rigid3 shift = new Rigid3(Rotation3.identity(), new Point3(-0.1, 0, 0));

    assertEquals(21.631993, Vcre.px(TRUTH, shift.times(TRUTH), CAMERA, 540, 720), 1e-6);
  }

  @Test
  void endsAtTheBordersOfTheImage() {
    Rigid3 round = new Rigid3(Rotation3.aboutAxis(new Point3(0, 1, 0), 3), new Point3(9, 9, 9));

    double px = Vcre.px(TRUTH, round.times(TRUTH), CAMERA, 540, 720);

    assertTrue(px > 90 && px <= 900, "px: " + px);
  }
}
