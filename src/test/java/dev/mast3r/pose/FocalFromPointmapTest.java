package dev.mast3r.pose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FocalFromPointmapTest {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final double FOCAL_PX = 55;

  @Test
  void recoversTheFocalLengthOfExactPoints() {
    assertEquals(FOCAL_PX, FocalFromPointmap.focalPx(map(0, 0)).getAsDouble(), 1e-3);
  }

  @Test
  void withstandsPointsThatAreWrong() {
    // 25 % of the points lie anywhere: least squares would be off by a fifth and more
    assertEquals(FOCAL_PX, FocalFromPointmap.focalPx(map(0.25, 0)).getAsDouble(), 0.5);
  }

  @Test
  void passesOverPointsThatAreNotFiniteOrBehindTheCamera() {
    assertEquals(FOCAL_PX, FocalFromPointmap.focalPx(map(0, 0.5)).getAsDouble(), 1e-3);
  }

  @Test
  void doesNotDependOnTheScaleOfThePoints() {
    Pointmap map = map(0.1, 0);
    float[] scaled = map.toArray();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= 8;
    }

    assertEquals(
        FocalFromPointmap.focalPx(map).getAsDouble(),
        FocalFromPointmap.focalPx(new Pointmap(WIDTH, HEIGHT, scaled)).getAsDouble(),
        1e-9);
  }

  @Test
  void isAbsentIfNoPointIsUsable() {
    assertEquals(OptionalDouble.empty(), FocalFromPointmap.focalPx(map(0, 1)));
  }

  @Test
  void isAbsentIfThePointsAreMirrored() {
    float[] mirrored = map(0, 0).toArray();
    for (int i = 0; i < mirrored.length; i += 3) {
      mirrored[i] = -mirrored[i];
      mirrored[i + 1] = -mirrored[i + 1];
    }

    assertEquals(
        OptionalDouble.empty(), FocalFromPointmap.focalPx(new Pointmap(WIDTH, HEIGHT, mirrored)));
  }

  private static Pointmap map(double wrong, double unusable) {
    Random random = new Random(1);
    Intrinsics camera = Intrinsics.centred(FOCAL_PX, WIDTH, HEIGHT);
    float[] xyz = new float[3 * WIDTH * HEIGHT];
    int next = 0;
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        Point3 point = camera.ray(new Point2(x, y)).times(2 + random.nextDouble());
        if (random.nextDouble() < wrong) {
          point = camera.ray(new Point2(random.nextInt(WIDTH), random.nextInt(HEIGHT)));
        }
        if (random.nextDouble() < unusable) {
          point = random.nextBoolean() ? point.times(Double.NaN) : point.times(-1);
        }
        xyz[next++] = (float) point.x();
        xyz[next++] = (float) point.y();
        xyz[next++] = (float) point.z();
      }
    }
    return new Pointmap(WIDTH, HEIGHT, xyz);
  }
}
