package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SeedGridTest {

  @Test
  void startsAtHalfAStep() {
    assertArrayEquals(new int[] {6, 8, 16, 18}, seeds(5, 4, 2));
    assertArrayEquals(new int[] {6, 9}, seeds(5, 2, 3));
  }

  @Test
  void ofStepOneIsEveryPixel() {
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, seeds(3, 2, 1));
  }

  @Test
  void ofStepEightOn512x384HasThePapersThreeThousandSeeds() {
    assertEquals(3072, seeds(512, 384, 8).length);
  }

  @Test
  void refusesAStepOfZero() {
    assertThrows(IllegalArgumentException.class, () -> seeds(5, 4, 0));
  }

  @Test
  void leavesOutMaskedPixels() {
    PixelMask maskA = PixelMask.of(5, 4, index -> index != 8);
    PixelMask maskB = PixelMask.all(3, 3);
    SeedGrid both = new SeedGrid(maskA, maskB, 2, SeedImages.BOTH);

    assertArrayEquals(new int[] {6, 16, 18}, both.inA());
    assertArrayEquals(new int[] {4}, both.inB());
  }

  private static int[] seeds(int width, int height, int subsample) {
    PixelMask all = PixelMask.all(width, height);
    SeedGrid seeds = new SeedGrid(all, all, subsample, SeedImages.A);
    assertEquals(0, seeds.inB().length);
    return seeds.inA();
  }
}
