package dev.mast3r.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PoseErrorTest {

  private static final Point3 X = new Point3(1, 0, 0);
  private static final Point3 Y = new Point3(0, 1, 0);

  @Test
  void isZeroForTheTruth() {
    Rigid3 truth = new Rigid3(Rotation3.aboutAxis(X, 0.3), Y);

    assertEquals(new PoseError(0, 0, 0), rounded(PoseError.of(truth, truth)));
  }

  @Test
  void measuresRotationAndDirectionInDegrees() {
    Rigid3 truth = new Rigid3(Rotation3.identity(), X);
    Rigid3 estimate = new Rigid3(Rotation3.aboutAxis(Y, Math.toRadians(30)), Y);

    PoseError error = PoseError.of(truth, estimate);

    assertEquals(30, error.rotationDeg(), 1e-9);
    assertEquals(90, error.translationAngleDeg(), 1e-9);
    assertEquals(90, error.poseErrorDeg(), 1e-9);
  }

  @Test
  void foldsTheSignOfTheTranslation() {
    Rigid3 truth = new Rigid3(Rotation3.identity(), X);
    Rigid3 estimate = new Rigid3(Rotation3.identity(), new Point3(-2, 0, 0));

    PoseError error = PoseError.of(truth, estimate);

    assertEquals(180, error.translationAngleDeg(), 1e-9);
    assertEquals(0, error.foldedTranslationAngleDeg(), 1e-9);
    assertEquals(0, error.poseErrorDeg(), 1e-9);
  }

  @Test
  void measuresCentresAndNotTranslations() {
    // B turned by 180 degrees about y: t = (1, 0, 0) puts its centre at (1, 0, 0) as -R^T t
    Rigid3 truth = new Rigid3(Rotation3.aboutAxis(Y, Math.PI), X);
    Rigid3 estimate = new Rigid3(Rotation3.identity(), X);

    assertEquals(2, PoseError.of(truth, estimate).centreErrorM(), 1e-9);
  }

  @Test
  void hasNoDirectionToMissIfTheTruthDoesNotMove() {
    Rigid3 still = Rigid3.identity();
    Rigid3 moving = new Rigid3(Rotation3.identity(), X);

    assertEquals(0, PoseError.of(still, moving).translationAngleDeg());
    assertEquals(90, PoseError.of(moving, still).translationAngleDeg());
  }

  @Property
  void isSymmetricAndInRange(@ForAll("motions") Rigid3 truth, @ForAll("motions") Rigid3 estimate) {
    PoseError error = PoseError.of(truth, estimate);
    PoseError swapped = PoseError.of(estimate, truth);

    assertEquals(error.rotationDeg(), swapped.rotationDeg(), 1e-6);
    assertEquals(error.translationAngleDeg(), swapped.translationAngleDeg(), 1e-6);
    assertEquals(error.centreErrorM(), swapped.centreErrorM(), 1e-9);
    assertTrue(error.rotationDeg() >= 0 && error.rotationDeg() <= 180);
    assertTrue(error.translationAngleDeg() >= 0 && error.translationAngleDeg() <= 180);
    assertTrue(error.foldedTranslationAngleDeg() <= 90);
  }

  @Property
  void doesNotSeeTheLengthOfTheTranslationInAngles(@ForAll("motions") Rigid3 truth) {
    Rigid3 longer = new Rigid3(truth.rotation(), truth.translation().times(7));

    assertEquals(0, PoseError.of(truth, longer).poseErrorDeg(), 1e-5);
  }

  @Provide
  Arbitrary<Rigid3> motions() {
    Arbitrary<Double> number = Arbitraries.doubles().between(-2, 2);
    Arbitrary<Point3> vector =
        Combinators.combine(number, number, number)
            .as(Point3::new)
            .filter(point -> point.norm() > 1e-3);
    Arbitrary<Double> angle = Arbitraries.doubles().between(0, 3.14);
    return Combinators.combine(vector, angle, vector)
        .as((axis, turn, t) -> new Rigid3(Rotation3.aboutAxis(axis, turn), t));
  }

  private static PoseError rounded(PoseError error) {
    return new PoseError(
        Math.rint(1e6 * error.rotationDeg()),
        Math.rint(1e6 * error.translationAngleDeg()),
        Math.rint(1e6 * error.centreErrorM()));
  }
}
