package dev.mast3r.pose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.geometry.Point3;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewPointsTest {

  /** Two pixels of which the second has no depth, from an image of twice the size, cropped by 4. */
  private final ViewPoints view =
      new ViewPoints(
          new Pointmap(3, 1, new float[] {1, 2, 3, 4, 5, Float.NaN, 7, 8, -9}),
          new PixelTransform(0.5, 0.5, -2, 0));

  @Test
  void answersWithTheNearestPixel() {
    Optional<Point3> first = Optional.of(new Point3(1, 2, 3));

    assertEquals(first, view.at(4, 0));
    assertEquals(first, view.at(4.9, 0.9));
    assertEquals(first, view.at(3.1, -0.9));
  }

  @Test
  void isEmptyOutsideOfTheMap() {
    assertEquals(Optional.empty(), view.at(2, 0));
    assertEquals(Optional.empty(), view.at(4, 2));
    assertEquals(Optional.empty(), view.at(4, -2));
    assertEquals(Optional.empty(), view.at(100, 0));
  }

  @Test
  void isEmptyWhereThePointIsNotFiniteOrBehindTheCamera() {
    assertEquals(Optional.empty(), view.at(6, 0));
    assertEquals(Optional.empty(), view.at(8, 0));
  }
}
