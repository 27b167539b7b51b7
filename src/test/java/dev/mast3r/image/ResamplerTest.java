package dev.mast3r.image;

import static dev.mast3r.image.RgbDifference.assertIdentical;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResamplerTest {

  @ParameterizedTest
  @EnumSource(ResampleFilter.class)
  void aCropIsThatPartOfTheWhole(ResampleFilter filter) {
    RgbImage image = TestImages.noise(61, 45, 3);
    PixelBox crop = new PixelBox(5, 7, 20, 18);
    RgbImage whole = Resampler.resize(image, 33, 25, filter, new PixelBox(0, 0, 33, 25));
    assertIdentical(TestImages.crop(whole, crop), Resampler.resize(image, 33, 25, filter, crop));
  }

  @ParameterizedTest
  @EnumSource(ResampleFilter.class)
  void aFlatImageStaysFlat(ResampleFilter filter) {
    for (int value : new int[] {0, 1, 127, 254, 255}) {
      RgbImage shrunk =
          Resampler.resize(flat(50, 41, value), 17, 13, filter, new PixelBox(0, 0, 17, 13));
      assertIdentical(flat(17, 13, value), shrunk);
      RgbImage enlarged =
          Resampler.resize(flat(3, 2, value), 17, 13, filter, new PixelBox(0, 0, 17, 13));
      assertIdentical(flat(17, 13, value), enlarged);
    }
  }

  @ParameterizedTest
  @EnumSource(ResampleFilter.class)
  void overshootIsClippedInBothRowsOfAPair(ResampleFilter filter) {
    // one row of a black to white edge above one of a white to black edge: each overshoots
    byte[] rgb = new byte[3 * 8 * 2];
    Arrays.fill(rgb, 12, 36, (byte) 255);
    RgbImage edges = new RgbImage(8, 2, rgb);
    RgbImage enlarged = Resampler.resize(edges, 32, 2, filter, new PixelBox(0, 0, 32, 2));
    assertEquals(0, enlarged.get(0, 0, 0));
    assertEquals(255, enlarged.get(31, 0, 1));
    assertEquals(255, enlarged.get(0, 1, 2));
    assertEquals(0, enlarged.get(31, 1, 0));
    for (int x = 0; x < 32; x++) {
      assertEquals(enlarged.get(x, 0, 0), enlarged.get(31 - x, 1, 0), 0, "mirrored at " + x);
      assertEquals(enlarged.get(x, 0, 0), enlarged.get(31 - x, 0, 0) ^ 255, 1, "inverse at " + x);
    }
  }

  @Test
  void aCropOutsideTheResultIsADefectOfTheCaller() {
    RgbImage image = flat(4, 4, 0);
    PixelBox crop = new PixelBox(0, 0, 5, 2);
    assertThrows(
        IllegalArgumentException.class,
        () -> Resampler.resize(image, 4, 2, ResampleFilter.LANCZOS, crop));
  }

  private static RgbImage flat(int width, int height, int value) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) value);
    return new RgbImage(width, height, rgb);
  }
}
