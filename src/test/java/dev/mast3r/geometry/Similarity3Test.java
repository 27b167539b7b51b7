package dev.mast3r.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.testsupport.Rigid3Assert;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class Similarity3Test {

  private static final Similarity3 TRUTH =
      new Similarity3(2.5, Rotation3.aboutAxis(new Point3(1, -0.5, 0.3), 2), new Point3(1, 2, -3));

  @Test
  void recoversASimilarity() {
    List<Point3> inA = cloud(10);

    Similarity3 found = Similarity3.fit(inA, inA.stream().map(TRUTH::apply).toList()).get();

    assertEquals(TRUTH.scale(), found.scale(), 1e-12);
    assertSameMotion(TRUTH, found);
  }

  @Test
  void recoversARigidMotionFromThreePoints() {
    Similarity3 rigid = new Similarity3(1, TRUTH.rotation(), TRUTH.translation());
    List<Point3> inA = cloud(3);

    Similarity3 found = Similarity3.fitRigid(inA, inA.stream().map(rigid::apply).toList()).get();

    assertEquals(1, found.scale());
    assertSameMotion(rigid, found);
  }

  @Test
  void givesARotationAndNoReflectionForMirroredPoints() {
    List<Point3> inA = cloud(10);
    List<Point3> mirrored = inA.stream().map(p -> new Point3(-p.x(), p.y(), p.z())).toList();

    Rotation3 rotation = Similarity3.fitRigid(inA, mirrored).get().rotation();

    Point3 x = rotation.apply(new Point3(1, 0, 0));
    Point3 y = rotation.apply(new Point3(0, 1, 0));
    assertEquals(1, x.cross(y).dot(rotation.apply(new Point3(0, 0, 1))), 1e-9);
  }

  @Test
  void isAbsentForPointsOnALineOrInOnePlace() {
    List<Point3> line = Stream.of(1.0, 2.0, 4.0, 7.0).map(new Point3(1, 2, 3)::times).toList();
    List<Point3> place = List.of(line.get(0), line.get(0), line.get(0), line.get(0));

    assertEquals(Optional.empty(), Similarity3.fitRigid(line, cloud(4)));
    assertEquals(Optional.empty(), Similarity3.fit(cloud(4), line));
    assertEquals(Optional.empty(), Similarity3.fit(place, place));
  }

  @Test
  void refusesListsThatDoNotPair() {
    assertThrows(IllegalArgumentException.class, () -> Similarity3.fit(cloud(4), cloud(3)));
    assertThrows(IllegalArgumentException.class, () -> Similarity3.fit(cloud(2), cloud(2)));
  }

  private static void assertSameMotion(Similarity3 expected, Similarity3 actual) {
    Rigid3Assert.assertNear(
        new Rigid3(expected.rotation(), expected.translation()),
        new Rigid3(actual.rotation(), actual.translation()),
        1e-6,
        1e-9);
  }

  private static List<Point3> cloud(int size) {
    Random random = new Random(3);
    return Stream.generate(
            () -> new Point3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()))
        .limit(size)
        .toList();
  }
}
