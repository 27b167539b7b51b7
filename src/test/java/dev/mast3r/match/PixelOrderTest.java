package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PixelOrderTest {

  @Test
  void goesThroughSquaresOfGrowingSize() {
    assertArrayEquals(
        new int[] {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15},
        PixelOrder.all(PixelMask.all(4, 4)));
  }

  @Test
  void holdsEveryPixelOfAMapOfAnySizeOnce() {
    for (int[] size : new int[][] {{1, 1}, {7, 3}, {1, 33}, {16, 16}, {17, 40}, {100, 1}}) {
      int[] pixels = PixelOrder.all(PixelMask.all(size[0], size[1]));

      assertArrayEquals(
          IntStream.range(0, size[0] * size[1]).toArray(), IntStream.of(pixels).sorted().toArray());
    }
  }

  @Test
  void ordersSomePixelsAsAllAreOrdered() {
    int[] some = {70, 3, 12, 99, 41, 0, 58, -1};

    int[] ordered = PixelOrder.alongCurve(some, 7, 10);

    assertArrayEquals(
        IntStream.of(PixelOrder.all(PixelMask.all(10, 10)))
            .filter(pixel -> IntStream.of(some).anyMatch(one -> one == pixel))
            .toArray(),
        ordered);
  }
}
