package dev.mast3r.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuarterTurnsTest {

  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;

  /**
   * What SuperGlue's {@code rotate_intrinsics} makes of fx 500, fy 510, cx 300, cy 250 at 640 x
   * 480.
   */
  @ParameterizedTest
  @CsvSource({"1, 510, 500, 250, 339", "2, 500, 510, 339, 229", "3, 510, 500, 229, 300"})
  void aTurnedCameraSeesPointsWhereTheTurnedImageHasThem(
      int count, double fx, double fy, double cx, double cy) {
    QuarterTurns turns = new QuarterTurns(count);
    Point3 point = new Point3(0.4, -0.3, 2.5);

    Point2 before = new Intrinsics(500, 510, 300, 250).project(point);
    Point2 after = new Intrinsics(fx, fy, cx, cy).project(turns.rotation().apply(point));

    Point2 turned = turns.apply(before, WIDTH, HEIGHT);
    assertEquals(turned.x(), after.x(), 1e-9);
    assertEquals(turned.y(), after.y(), 1e-9);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void theInverseTurnsBack(int count) {
    QuarterTurns turns = new QuarterTurns(count);
    Point2 pixel = new Point2(12.5, 401);

    Point2 turned = turns.apply(pixel, WIDTH, HEIGHT);
    Point2 back =
        turns.inverse().apply(turned, turns.width(WIDTH, HEIGHT), turns.height(WIDTH, HEIGHT));

    assertEquals(pixel, back);
    assertEquals(0, turns.rotation().times(turns.inverse().rotation()).angleDeg(), 1e-9);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void mapsBetweenSizesAreTurnedWithTheImages(int count) {
    QuarterTurns turns = new QuarterTurns(count);
    PixelTransform toFrom = new PixelTransform(2, 2.5, 7, -3);
    Point2 pixel = new Point2(31, 17);

    PixelTransform turned = turns.apply(toFrom, 64, 48, WIDTH, HEIGHT);

    Point2 expected = turns.apply(toFrom.apply(pixel), WIDTH, HEIGHT);
    Point2 found = turned.apply(turns.apply(pixel, 64, 48));
    assertEquals(expected.x(), found.x(), 1e-9);
    assertEquals(expected.y(), found.y(), 1e-9);
  }

  @Test
  void fourTurnsAreNone() {
    assertThrows(IllegalArgumentException.class, () -> new QuarterTurns(4));
    assertEquals(QuarterTurns.NONE, QuarterTurns.NONE.inverse());
  }
}
