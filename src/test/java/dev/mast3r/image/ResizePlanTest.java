package dev.mast3r.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.geometry.Point2;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizePlanTest {

  private static final ResizeRule PUBLISHED = new ResizeRule(512, 16, SquareRule.CROP_TO_4_3);
  private static final ResizeRule OURS = new ResizeRule(512, 16, SquareRule.KEEP);

  @ParameterizedTest
  @CsvSource({
    "1920, 1080, 512, 288",
    "4000, 3000, 512, 384",
    "1000, 800, 512, 400",
    "540, 720, 384, 512",
    "2000, 2000, 512, 384",
    "1000, 1001, 496, 512",
    "30, 20, 512, 336"
  })
  void networkSizeIsThatOfThePublishedLoader(int width, int height, int netWidth, int netHeight) {
    assertNetworkSize(netWidth, netHeight, ResizePlan.of(width, height, PUBLISHED));
  }

  @Test
  void squaresCanStaySquare() {
    assertNetworkSize(512, 512, ResizePlan.of(2000, 2000, OURS));
    assertNetworkSize(512, 512, ResizePlan.of(1, 1, OURS));
  }

  @ParameterizedTest
  @CsvSource({"1302, 953", "953, 1302", "500, 500", "2000, 100", "100, 99"})
  void size224SeesASquareOfTheShortSide(int width, int height) {
    ResizeRule rule = new ResizeRule(224, 16, SquareRule.CROP_TO_4_3);
    assertNetworkSize(224, 224, ResizePlan.of(width, height, rule));
  }

  @Test
  void aCroppedSquareIsMadeOfWholePatches() {
    // 3/4 of 400 is 300, of which 288 are whole patches
    ResizeRule rule = new ResizeRule(400, 16, SquareRule.CROP_TO_4_3);
    assertNetworkSize(400, 288, ResizePlan.of(700, 700, rule));
  }

  @Test
  void roundsHalfToEven() {
    // 683 / 2 = 341.5 goes up to 342, 685 / 2 = 342.5 goes down to 342
    assertEquals(683 / 342.0, ResizePlan.of(1024, 683, OURS).originalFromNetwork().scaleY());
    assertEquals(685 / 342.0, ResizePlan.of(1024, 685, OURS).originalFromNetwork().scaleY());
  }

  @Test
  void mapsMapFreeImagesBackByTheirKnownFormula() {
    PixelTransform originalFromNetwork = ResizePlan.of(540, 720, OURS).originalFromNetwork();
    assertEquals(new PixelTransform(1.40625, 1.40625, 0.203125, 0.203125), originalFromNetwork);
  }

  @Test
  void mapsBackThroughTheCrop() {
    // 1000 x 800 becomes 512 x 410, of which 5 rows are cut off at the top
    Point2 original =
        ResizePlan.of(1000, 800, OURS).originalFromNetwork().apply(new Point2(10, 20));
    assertEquals(10.5 * 1000 / 512 - 0.5, original.x(), 1e-12);
    assertEquals(25.5 * 800 / 410 - 0.5, original.y(), 1e-12);
  }

  @Property(tries = 300)
  void everyNetworkPixelLiesInTheOriginal(
      @ForAll @IntRange(min = 1, max = 9000) int width,
      @ForAll @IntRange(min = 1, max = 9000) int height,
      @ForAll SquareRule squareRule) {
    if (Math.max(width, height) > 30 * Math.min(width, height)) {
      return;
    }
    ResizePlan plan = ResizePlan.of(width, height, new ResizeRule(512, 16, squareRule));
    PixelTransform originalFromNetwork = plan.originalFromNetwork();
    assertEquals(0, plan.networkWidth() % 16 + plan.networkHeight() % 16);
    Point2 topLeft = originalFromNetwork.apply(new Point2(-0.5, -0.5));
    Point2 bottomRight =
        originalFromNetwork.apply(
            new Point2(plan.networkWidth() - 0.5, plan.networkHeight() - 0.5));
    double margin = 1e-9 * Math.max(width, height);
    assertEquals(-0.5, Math.min(-0.5, topLeft.x()), margin);
    assertEquals(-0.5, Math.min(-0.5, topLeft.y()), margin);
    assertEquals(width - 0.5, Math.max(width - 0.5, bottomRight.x()), margin);
    assertEquals(height - 0.5, Math.max(height - 0.5, bottomRight.y()), margin);
  }

  @Test
  void leavesAnImageOfTheRightSizeAsItIs() {
    RgbImage image = TestImages.noise(512, 384, 1);
    RgbDifference.assertIdentical(image, ResizePlan.of(512, 384, OURS).apply(image));
  }

  @Test
  void resizesToALongSideWithoutACrop() {
    ResizePlan plan = ResizePlan.toLongSide(3000, 2001, 1000);

    assertNetworkSize(1000, 667, plan);
    assertEquals(
        new PixelTransform(3, 3, 1, 1),
        ResizePlan.toLongSide(3000, 1500, 1000).originalFromNetwork());
    assertNetworkSize(900, 1200, ResizePlan.toLongSide(600, 800, 1200));
    assertThrows(IllegalArgumentException.class, () -> ResizePlan.toLongSide(800, 600, 0));
  }

  @Test
  void refusesAnImageThatIsTooNarrowForAPatch() {
    InputException failure =
        assertThrows(InputException.class, () -> ResizePlan.of(1, 2000, PUBLISHED));
    assertEquals(
        "an image of 1 x 2000 pixels is too narrow: expected at least 16 pixels on the short side"
            + " after resizing the long side to 512, found 0",
        failure.getMessage());
  }

  @Test
  void refusesAnAspectRatioBeyondAllNumbersForSize224() {
    ResizeRule rule = new ResizeRule(224, 16, SquareRule.KEEP);
    assertThrows(InputException.class, () -> ResizePlan.of(1, 700_000_000, rule));
  }

  @Test
  void refusesAnImageOfAnotherSize() {
    ResizePlan plan = ResizePlan.of(40, 30, OURS);
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> plan.apply(TestImages.noise(30, 40, 1)));
    assertEquals("planned for 40 x 30, found 30 x 40", failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "512, 15, 'patch size must be even, found 15'",
    "512, 0, 'patch size must be even, found 0'",
    "8, 16, 'size must be at least one patch of 16 pixels, found 8'",
    "224, 20, 'size 224 needs a patch size that divides it, found 20'"
  })
  void refusesARuleThatFitsNoNetwork(int size, int patchSize, String message) {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class, () -> new ResizeRule(size, patchSize, SquareRule.KEEP));
    assertEquals(message, failure.getMessage());
  }

  private static void assertNetworkSize(int width, int height, ResizePlan plan) {
    assertEquals(width + " x " + height, plan.networkWidth() + " x " + plan.networkHeight());
  }
}
