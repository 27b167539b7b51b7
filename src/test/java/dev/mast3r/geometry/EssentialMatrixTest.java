package dev.mast3r.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.Rigid3Assert;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class EssentialMatrixTest {

  private static final Rigid3 MOTION =
      new Rigid3(Rotation3.aboutAxis(new Point3(0.2, 1, -0.4), 0.5), new Point3(0.8, -0.36, 0.48));

  @Test
  void isZeroForTheRaysOfOnePoint() {
    Point3 inA = new Point3(0.3, -0.2, 4);
    EssentialMatrix e = EssentialMatrix.ofMotion(MOTION);

    assertEquals(0, e.sampsonError(ray(inA), ray(MOTION.apply(inA))), 1e-15);
  }

  @Test
  void measuresTheDistanceToTheEpipolarLine() {
    // Cameras side by side: epipolar lines are rows. Off by d, both points have to move d / 2, and
    // together by d / sqrt(2).
    EssentialMatrix e =
        EssentialMatrix.ofMotion(new Rigid3(Rotation3.identity(), new Point3(1, 0, 0)));

    assertEquals(
        0.02 / Math.sqrt(2),
        e.sampsonError(new Point3(0.1, 0.1, 1), new Point3(-0.2, 0.12, 1)),
        1e-12);
  }

  @Test
  void doesNotDependOnTheScaleOfTheMatrix() {
    EssentialMatrix e = EssentialMatrix.ofMotion(MOTION);
    double[] scaled = new double[9];
    for (int i = 0; i < 9; i++) {
      scaled[i] = -3 * e.get(i / 3, i % 3);
    }
    Point3 a = new Point3(0.1, 0.2, 1);
    Point3 b = new Point3(0.3, -0.2, 1);

    assertEquals(e.sampsonError(a, b), EssentialMatrix.of(scaled).sampsonError(a, b), 1e-15);
  }

  @RepeatedTest(20)
  void decomposesIntoFourMotionsOfWhichOneIsTheTruth(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Rotation3 rotation = Rotation3.aboutAxis(gaussian(random), 3 * random.nextDouble());
    Rigid3 truth = Rigid3Assert.unit(new Rigid3(rotation, gaussian(random)));
    EssentialMatrix e = EssentialMatrix.ofMotion(truth);

    List<Rigid3> motions = e.decompose();

    assertEquals(4, motions.size());
    assertEquals(1, motions.stream().filter(motion -> near(motion, truth)).count());
    for (Rigid3 motion : motions) {
      assertEquals(1, motion.translation().norm(), 1e-9);
      assertEquals(1, motions.stream().filter(other -> near(motion, other)).count());
      assertSameUpToSign(e, EssentialMatrix.ofMotion(motion));
    }
  }

  @Test
  void refusesWhatIsNotNineFiniteNumbers() {
    assertThrows(IllegalArgumentException.class, () -> EssentialMatrix.of(new double[8]));
    double[] nan = {Double.NaN, 0, 0, 0, 0, 0, 0, 0, 0};
    assertThrows(IllegalArgumentException.class, () -> EssentialMatrix.of(nan));
  }

  private static void assertSameUpToSign(EssentialMatrix expected, EssentialMatrix actual) {
    double same = 0;
    double opposite = 0;
    for (int i = 0; i < 9; i++) {
      double a = expected.get(i / 3, i % 3);
      double b = actual.get(i / 3, i % 3);
      same = Math.max(same, Math.abs(a - b));
      opposite = Math.max(opposite, Math.abs(a + b));
    }
    assertTrue(Math.min(same, opposite) < 1e-9, "off by " + Math.min(same, opposite));
  }

  private static boolean near(Rigid3 a, Rigid3 b) {
    return a.rotation().inverse().times(b.rotation()).angleDeg() < 1e-6
        && a.translation().distanceTo(b.translation()) < 1e-6;
  }

  private static Point3 gaussian(Random random) {
    return new Point3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
  }

  private static Point3 ray(Point3 point) {
    return point.times(1 / point.z());
  }
}
