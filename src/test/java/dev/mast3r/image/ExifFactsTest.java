package dev.mast3r.image;

import static dev.mast3r.image.ExifBlock.FOCAL_LENGTH;
import static dev.mast3r.image.ExifBlock.FOCAL_LENGTH_35MM;
import static dev.mast3r.image.ExifBlock.FOCAL_PLANE_UNIT;
import static dev.mast3r.image.ExifBlock.FOCAL_PLANE_X_RESOLUTION;
import static dev.mast3r.image.ExifBlock.IMAGE_HEIGHT;
import static dev.mast3r.image.ExifBlock.IMAGE_WIDTH;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExifFactsTest {

  @Test
  void the35MmEquivalentIsTakenAlongTheDiagonal() {
    // 4000 x 3000 has a diagonal of 5000 px, the 36 x 24 frame one of 43.2666 mm
    assertFocal(26 * 5000 / 43.26661530556787, Map.of(FOCAL_LENGTH_35MM, 26.0), 4000, 3000);
    assertFocal(26 * 5000 / 43.26661530556787, Map.of(FOCAL_LENGTH_35MM, 26.0), 3000, 4000);
  }

  @ParameterizedTest
  @CsvSource({"2, 15000, 25.4", "3, 6000, 10", "4, 600, 1", "5, 0.6, 0.001"})
  void elseTheSensorResolutionCountsInItsUnit(int unit, double resolution, double unitMm) {
    Map<Integer, Double> tags =
        Map.of(
            FOCAL_LENGTH,
            8.5,
            FOCAL_PLANE_X_RESOLUTION,
            resolution,
            FOCAL_PLANE_UNIT,
            (double) unit);
    assertFocal(8.5 * resolution / unitMm, tags, 4000, 3000);
  }

  @Test
  void theUnitOfTheSensorResolutionIsTheInchUnlessSaid() {
    Map<Integer, Double> tags = Map.of(FOCAL_LENGTH, 10.5, FOCAL_PLANE_X_RESOLUTION, 10160.0);
    assertFocal(4200, tags, 4000, 3000);
  }

  @Test
  void aResizedImageHasItsFocalLengthResized() {
    Map<Integer, Double> tags =
        Map.of(
            FOCAL_LENGTH, 10.5,
            FOCAL_PLANE_X_RESOLUTION, 10160.0,
            IMAGE_WIDTH, 4000.0,
            IMAGE_HEIGHT, 3000.0);
    assertFocal(1050, tags, 1000, 750);
    assertFocal(1050, tags, 750, 1000);
  }

  @Test
  void aCroppedImageHasNone() {
    Map<Integer, Double> tags =
        Map.of(FOCAL_LENGTH_35MM, 26.0, IMAGE_WIDTH, 4000.0, IMAGE_HEIGHT, 3000.0);
    assertEquals(Optional.empty(), focal(tags, 3000, 3000));
  }

  @Test
  void aZeroEquivalentIsUnknownAndTheSensorIsAsked() {
    Map<Integer, Double> tags =
        Map.of(FOCAL_LENGTH_35MM, 0.0, FOCAL_LENGTH, 10.5, FOCAL_PLANE_X_RESOLUTION, 10160.0);
    assertFocal(4200, tags, 4000, 3000);
  }

  @Test
  void aUnitThatIsNoLengthGivesNone() {
    Map<Integer, Double> tags =
        Map.of(FOCAL_LENGTH, 8.5, FOCAL_PLANE_X_RESOLUTION, 600.0, FOCAL_PLANE_UNIT, 1.0);
    assertEquals(Optional.empty(), focal(tags, 4000, 3000));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 65535})
  void aLengthThatNoLensHasIsNotBelieved(double equivalent) {
    assertEquals(Optional.empty(), focal(Map.of(FOCAL_LENGTH_35MM, equivalent), 4000, 3000));
  }

  @Test
  void aFocalLengthWithoutAScaleIsNone() {
    assertEquals(Optional.empty(), focal(Map.of(FOCAL_LENGTH, 8.5), 4000, 3000));
    assertEquals(Optional.empty(), ExifFacts.none().focalPx(4000, 3000));
  }

  @Test
  void rubbishIsAnUprightImageWithoutFocalLength() {
    for (int length : new int[] {0, 1, 7, 8, 60}) {
      byte[] rubbish = new byte[length];
      Arrays.fill(rubbish, (byte) 0x4d);
      assertEquals(Orientation.UPRIGHT, ExifFacts.parse(rubbish).orientation());
      assertEquals(Optional.empty(), ExifFacts.parse(rubbish).focalPx(40, 30));
    }
  }

  @Test
  void theOrientationIsThatOfTheTag() {
    assertEquals(
        Orientation.ROTATE_90_CLOCKWISE, ExifFacts.parse(ExifBlock.of(6, Map.of())).orientation());
    assertEquals(Orientation.UPRIGHT, ExifFacts.parse(ExifBlock.of(9, Map.of())).orientation());
  }

  private static void assertFocal(
      double expected, Map<Integer, Double> tags, int width, int height) {
    // half a thousandth: the denominator of the rationals
    assertEquals(expected, focal(tags, width, height).orElseThrow(), expected * 5e-4);
  }

  private static Optional<Double> focal(Map<Integer, Double> tags, int width, int height) {
    return ExifFacts.parse(ExifBlock.of(1, new HashMap<>(tags))).focalPx(width, height);
  }
}
