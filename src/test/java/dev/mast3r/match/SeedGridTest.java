package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SeedGridTest {

  @Test
  void startsAtHalfAStep() {
    assertArrayEquals(new int[] {6, 8, 16, 18}, SeedGrid.of(5, 4, 2));
    assertArrayEquals(new int[] {6, 9}, SeedGrid.of(5, 2, 3));
  }

  @Test
  void ofStepOneIsEveryPixel() {
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, SeedGrid.of(3, 2, 1));
  }

  @Test
  void ofStepEightOn512x384HasThePapersThreeThousandSeeds() {
    assertEquals(3072, SeedGrid.of(512, 384, 8).length);
  }

  @Test
  void refusesAStepOfZero() {
    assertThrows(IllegalArgumentException.class, () -> SeedGrid.of(5, 4, 0));
  }
}
