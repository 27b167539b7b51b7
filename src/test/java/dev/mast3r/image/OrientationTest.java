package dev.mast3r.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {

  /** The stored pixels are a b c over d e f. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, abcdef",
    "2, 3, cbafed",
    "3, 3, fedcba",
    "4, 3, defabc",
    "5, 2, adbecf",
    "6, 2, daebfc",
    "7, 2, fcebda",
    "8, 2, cfbead"
  })
  void eachTagTurnsThePixelsUpright(int tag, int width, String expected) {
    RgbImage upright = Orientation.ofTag(tag).apply(letters(3, 2, "abcdef"));
    assertEquals(width, upright.width());
    assertArrayEquals(letters(width, 6 / width, expected).bytes(), upright.bytes());
  }

  @Test
  void imagesLargerThanABlockAreTurnedAsWhole() {
    RgbImage image = TestImages.noise(70, 45, 5);
    RgbImage turned = Orientation.ROTATE_90_CLOCKWISE.apply(image);
    for (int y = 0; y < 45; y++) {
      for (int x = 0; x < 70; x++) {
        assertEquals(image.get(x, y, 1), turned.get(44 - y, x, 1));
      }
    }
  }

  @Test
  void tagsOutsideTheStandardLeaveTheImageAsItIs() {
    RgbImage image = letters(3, 2, "abcdef");
    for (int tag : new int[] {-1, 0, 9, 70000}) {
      assertSame(image, Orientation.ofTag(tag).apply(image));
    }
  }

  private static RgbImage letters(int width, int height, String letters) {
    byte[] rgb = new byte[3 * letters.length()];
    for (int i = 0; i < letters.length(); i++) {
      rgb[3 * i] = (byte) letters.charAt(i);
      rgb[3 * i + 1] = (byte) (letters.charAt(i) + 100);
      rgb[3 * i + 2] = (byte) (letters.charAt(i) - 50);
    }
    return new RgbImage(width, height, rgb);
  }
}
