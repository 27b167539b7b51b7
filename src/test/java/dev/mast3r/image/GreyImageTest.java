package dev.mast3r.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GreyImageTest {

  /** Grey is {@code 10 x + 20 y + 3} everywhere, red and blue differ. */
  private static RgbImage slope(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int grey = 10 * (i % width) + 20 * (i / width) + 3;
      rgb[3 * i] = (byte) (grey + 2);
      rgb[3 * i + 1] = (byte) grey;
      rgb[3 * i + 2] = (byte) (grey - 2);
    }
    return new RgbImage(width, height, rgb);
  }

  @Test
  void weighsGreenAsMuchAsRedAndBlue() {
    RgbImage pixel = new RgbImage(1, 1, new byte[] {(byte) 200, 100, 41});

    assertEquals(110, GreyImage.of(pixel, 1).get(0, 0));
  }

  @Test
  void takesTheMeanOverBoxesAndLeavesOutWhatFillsNone() {
    GreyImage grey = GreyImage.of(slope(7, 5), 2);

    assertEquals(3, grey.width());
    assertEquals(2, grey.height());
    assertEquals(2, grey.boxPx());
    assertEquals(38, grey.get(1, 0));
    assertEquals(98, grey.get(2, 1));
  }

  @Test
  void halvesAsIfTheBoxesHadBeenTwiceAsLarge() {
    GreyImage once = GreyImage.of(slope(9, 7), 4);
    GreyImage twice = GreyImage.of(slope(9, 7), 2).halved();

    assertEquals(once.width(), twice.width());
    assertEquals(once.height(), twice.height());
    assertEquals(once.boxPx(), twice.boxPx());
    assertEquals(once.get(1, 0), twice.get(1, 0));
  }

  @Test
  void readsATurnedGridBetweenTheSamples() {
    float[] values = new float[9];

    assertTrue(GreyImage.of(slope(9, 7), 1).readGrid(4.25, 3.5, 0, 1, -0.5, 0, 1, values));

    float[] expected = new float[9];
    for (int n = 0; n < 9; n++) {
      double x = 4.25 + (n / 3 - 1);
      double y = 3.5 - 0.5 * (n % 3 - 1);
      expected[n] = (float) (10 * x + 20 * y + 3);
    }
    assertArrayEquals(expected, values, 1e-3f);
  }

  @Test
  void readsNoGridThatLeavesTheImage() {
    GreyImage grey = GreyImage.of(slope(9, 7), 1);
    float[] values = new float[9];

    assertFalse(grey.readGrid(0.9, 3, 1, 0, 0, 1, 1, values));
    assertFalse(grey.readGrid(4, 5.1, 1, 0, 0, 1, 1, values));
    assertFalse(grey.readGrid(4, 3, 5, 0, 0, 1, 1, values));
    assertFalse(grey.readGrid(Double.NaN, 3, 1, 0, 0, 1, 1, values));
    assertArrayEquals(new float[9], values);
  }

  @Test
  void refusesBoxesThatDoNotFit() {
    assertThrows(IllegalArgumentException.class, () -> GreyImage.of(slope(9, 7), 8));
    assertThrows(IllegalArgumentException.class, () -> GreyImage.of(slope(9, 7), 0));
    GreyImage one = GreyImage.of(slope(9, 7), 7);
    assertThrows(IllegalStateException.class, one::halved);
  }
}
