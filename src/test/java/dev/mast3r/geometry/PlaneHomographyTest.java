package dev.mast3r.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PlaneHomographyTest {

  @RepeatedTest(20)
  void decomposesIntoFourMotionsOfWhichOneIsTheTruth(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Point3 direction = gaussian(random);
    Rigid3 truth = new Rigid3(Rotation3.aboutAxis(gaussian(random), 1), gaussian(random));
    Point3 unitNormal = direction.times(1 / direction.norm());

    List<Rigid3> motions = PlaneHomography.of(truth, unitNormal).decompose();

    assertEquals(4, motions.size());
    assertEquals(1, motions.stream().filter(motion -> near(motion, truth)).count());
  }

  @RepeatedTest(20)
  void givesMotionsThatHaveTheSameHomography(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Rigid3 truth = new Rigid3(Rotation3.aboutAxis(gaussian(random), 1), gaussian(random));
    PlaneHomography h = PlaneHomography.of(truth, gaussian(random));

    for (Rigid3 motion : h.decompose()) {
      // what the rotation leaves of H must be t n^T: every column along t
      for (int column = 0; column < 3; column++) {
        Point3 rest =
            new Point3(
                h.get(0, column) - motion.rotation().get(0, column),
                h.get(1, column) - motion.rotation().get(1, column),
                h.get(2, column) - motion.rotation().get(2, column));
        assertEquals(0, rest.cross(motion.translation()).norm(), 1e-7);
      }
    }
  }

  @Test
  void hasNoMotionsWithoutTranslation() {
    Rigid3 turn = new Rigid3(Rotation3.aboutAxis(new Point3(1, 2, 3), 1), new Point3(0, 0, 0));

    assertEquals(List.of(), PlaneHomography.of(turn, new Point3(0, 0, 1)).decompose());
  }

  private static boolean near(Rigid3 a, Rigid3 b) {
    return a.rotation().inverse().times(b.rotation()).angleDeg() < 1e-4
        && a.translation().distanceTo(b.translation()) < 1e-6;
  }

  private static Point3 gaussian(Random random) {
    return new Point3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
  }
}
