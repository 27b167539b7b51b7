package dev.mast3r.pose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.pose.CalibrationRefinement.PixelPair;
import dev.mast3r.testsupport.Rigid3Assert;
import dev.mast3r.testsupport.SyntheticScene;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationRefinementTest {

  private static final MixtureLoss TWO_PIXELS = new MixtureLoss(2);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void findsBackToPoseAndFocalLengthsOfExactMatches(long seed) {
    SyntheticScene scene = SyntheticScene.seeded(seed);
    FocalPrior a = prior(scene.intrinsicsA(), 10);
    FocalPrior b = prior(scene.intrinsicsB(), 10);
    CalibratedMotion truth = truth(scene);
    CalibratedMotion start = new CalibratedMotion(truth.bFromA(), 0.97 * 520, 1.02 * 560);

    CalibratedMotion found = start;
    for (double noisePx : new double[] {1, 0.2, 0.04}) {
      found =
          new CalibrationRefinement(pixels(scene, a, b), new MixtureLoss(noisePx), a, b)
              .descend(found);
    }

    // that both cameras be alike pulls a little
    assertEquals(520, found.focalA(), 0.02 * 520);
    assertEquals(560, found.focalB(), 0.02 * 560);
    Rigid3Assert.assertNear(truth.bFromA(), found.bFromA(), 0.5, 0.02);
  }

  @Test
  void withoutMatchesThePriorDecides() {
    FocalPrior a = prior(new Intrinsics(500, 500, 320, 240), 0.2);
    FocalPrior b = prior(new Intrinsics(500, 500, 320, 240), 0.2);
    CalibratedMotion start =
        new CalibratedMotion(
            new Rigid3(Rigid3.identity().rotation(), new Point3(1, 0, 0)), 700, 400);

    CalibratedMotion found = new CalibrationRefinement(List.of(), TWO_PIXELS, a, b).descend(start);

    assertEquals(500, found.focalA(), 0.5);
    assertEquals(500, found.focalB(), 0.5);
  }

  @Test
  void aKnownFocalLengthDoesNotMoveThoughTheOtherPulls() {
    FocalPrior a = prior(new Intrinsics(500, 500, 320, 240), 0);
    FocalPrior b = prior(new Intrinsics(600, 600, 320, 240), 0.2);
    CalibratedMotion start =
        new CalibratedMotion(
            new Rigid3(Rigid3.identity().rotation(), new Point3(1, 0, 0)), 500, 600);

    CalibratedMotion found = new CalibrationRefinement(List.of(), TWO_PIXELS, a, b).descend(start);

    assertEquals(500, found.focalA());
    assertTrue(found.focalB() > 500 && found.focalB() < 600, () -> "B: " + found.focalB());
  }

  @Test
  void theSlopeOfThePriorIsThatOfItsCost() {
    FocalPrior a = prior(new Intrinsics(500, 500, 320, 240), 0.2);
    FocalPrior b = prior(new Intrinsics(600, 600, 320, 240), 0.1);
    CalibrationRefinement refinement = new CalibrationRefinement(List.of(), TWO_PIXELS, a, b);
    CalibratedMotion at =
        new CalibratedMotion(
            new Rigid3(Rigid3.identity().rotation(), new Point3(1, 0, 0)), 450, 640);
    DMatrixRMaj gradient = new DMatrixRMaj(7, 1);

    refinement.addOwnCost(at, 1, new DMatrixRMaj(7, 7), gradient);

    for (int k = 5; k < 7; k++) {
      double[] step = new double[7];
      step[k] = 1;
      double slope =
          (refinement.ownCost(refinement.moved(at, step, 1e-6))
                  - refinement.ownCost(refinement.moved(at, step, -1e-6)))
              / 2e-6;
      assertEquals(slope, gradient.get(k, 0), 1e-5 * Math.abs(slope));
    }
  }

  private static CalibratedMotion truth(SyntheticScene scene) {
    return new CalibratedMotion(
        Rigid3Assert.unit(scene.bFromA()), scene.intrinsicsA().fx(), scene.intrinsicsB().fx());
  }

  private static FocalPrior prior(Intrinsics intrinsics, double spread) {
    return new FocalPrior(intrinsics, SyntheticScene.WIDTH, spread);
  }

  private static List<PixelPair> pixels(SyntheticScene scene, FocalPrior a, FocalPrior b) {
    return scene.matches().stream()
        .map(
            m -> {
              Point2 inA = a.centred(m.xA(), m.yA());
              Point2 inB = b.centred(m.xB(), m.yB());
              return new PixelPair(
                  new Point3(inA.x(), inA.y(), 1), new Point3(inB.x(), inB.y(), 1));
            })
        .toList();
  }
}
