package dev.mast3r.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RgbImageTest {

  /** 3 x 2; every byte is its own place. */
  private static final RgbImage IMAGE =
      new RgbImage(3, 2, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17});

  @Test
  void cutsOutARectangle() {
    assertArrayEquals(
        new byte[] {3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17}, IMAGE.crop(1, 0, 2, 2).toArray());
  }

  @Test
  void refusesARectangleThatLeavesTheImage() {
    assertThrows(IllegalArgumentException.class, () -> IMAGE.crop(2, 0, 2, 2));
    assertThrows(IllegalArgumentException.class, () -> IMAGE.crop(0, -1, 2, 2));
  }
}
