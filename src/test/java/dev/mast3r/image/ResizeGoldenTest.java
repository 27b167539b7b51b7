package dev.mast3r.image;

import static dev.mast3r.image.RgbDifference.assertIdentical;
import static dev.mast3r.image.TestImages.PHOTOS;
import static dev.mast3r.image.TestImages.RESIZE;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every byte is that of Pillow; see testdata/README.md. */
class ResizeGoldenTest {

  private static final Path BRIDGE = PHOTOS.resolve("cincinnati-bridge.jpg");
  private static final Path CAT = PHOTOS.resolve("chelsea.png");
  private static final Path SQUARE = RESIZE.resolve("square-input.png");

  @Test
  void shrinksALandscapeByLanczos() throws IOException {
    assertGolden("landscape-512.png", read(BRIDGE), rule(512, 16));
  }

  @Test
  void shrinksAPortraitByLanczos() throws IOException {
    RgbImage portrait = Orientation.ROTATE_90_CLOCKWISE.apply(read(BRIDGE));
    assertGolden("portrait-512.png", portrait, rule(512, 16));
  }

  @Test
  void shrinksFurther() throws IOException {
    assertGolden("landscape-160.png", read(CAT), rule(160, 16));
  }

  @Test
  void cropsASquareForSize224() throws IOException {
    assertGolden("landscape-224.png", read(BRIDGE), rule(224, 16));
  }

  @Test
  void takesPatchesOf14() throws IOException {
    assertGolden("landscape-518.png", read(BRIDGE), rule(518, 14));
  }

  @Test
  void enlargesBicubically() throws IOException {
    assertGolden("upscaled-512.png", read(CAT), rule(512, 16));
  }

  @Test
  void cropsAnEnlargedSquareTo4To3() throws IOException {
    assertGolden("square-512.png", read(SQUARE), rule(512, 16));
  }

  @Test
  void keepsAShrunkenSquare() throws IOException {
    assertGolden("square-kept-96.png", read(SQUARE), new ResizeRule(96, 16, SquareRule.KEEP));
  }

  @Test
  void enlargesAnImageOfAFewPixels() throws IOException {
    RgbImage few = TestImages.crop(read(SQUARE), new PixelBox(0, 0, 20, 31));
    assertGolden("small-64.png", few, rule(64, 16));
  }

  private static ResizeRule rule(int size, int patchSize) {
    return new ResizeRule(size, patchSize, SquareRule.CROP_TO_4_3);
  }

  private static RgbImage read(Path file) {
    return ImageReader.read(file, ImageLimits.defaults()).pixels();
  }

  private static void assertGolden(String name, RgbImage original, ResizeRule rule)
      throws IOException {
    ResizePlan plan = ResizePlan.of(original.width(), original.height(), rule);
    assertIdentical(TestImages.golden(RESIZE.resolve(name)), plan.apply(original));
  }
}
