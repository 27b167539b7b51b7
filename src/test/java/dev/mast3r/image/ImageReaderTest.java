package dev.mast3r.image;

import static dev.mast3r.image.RgbDifference.assertIdentical;
import static dev.mast3r.image.TestImages.DECODE;
import static dev.mast3r.image.TestImages.PHOTOS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.OpenCvForTests;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReaderTest {

  @TempDir Path folder;

  @BeforeAll
  static void loadOpenCv() {
    OpenCvForTests.load();
  }

  /** Every file with a lossless twin. */
  static List<String> filesThatAreExact() throws IOException {
    try (Stream<Path> files = Files.list(DECODE)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> Files.exists(DECODE.resolve(name + ".png")))
              .sorted()
              .toList();
      assertEquals(41, names.size());
      return names;
    }
  }

  @ParameterizedTest
  @MethodSource("filesThatAreExact")
  void givesTheBytesOfPillow(String name) throws IOException {
    assertIdentical(TestImages.golden(DECODE.resolve(name + ".png")), read(DECODE.resolve(name)));
  }

  @Test
  void aProgressivePhotoWithAColourProfileGivesTheBytesOfPillow() throws IOException {
    RgbImage bridge = read(PHOTOS.resolve("cincinnati-bridge.jpg"));
    assertIdentical(
        TestImages.golden(DECODE.resolve("cincinnati-bridge-520-380.png")),
        TestImages.crop(bridge, new PixelBox(520, 380, 776, 572)));
  }

  @Test
  void ofAnAnimationTheFirstPageIsRead() throws IOException {
    byte[] still = Files.readAllBytes(DECODE.resolve("lossless.webp"));
    Path file = folder.resolve("animated.webp");
    Files.write(file, WebpAnimation.of(still, 61, 47));

    assertIdentical(read(DECODE.resolve("lossless.webp")), read(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "tif"})
  void of16BitColoursTheHighByteIsKept(String format) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 5, 4, 3, null);
    byte[] expected = new byte[3 * 5 * 4];
    Random random = new Random(8);
    for (int i = 0; i < expected.length; i++) {
      int sample = random.nextInt(1 << 16);
      raster.setSample(i / 3 % 5, i / 15, i % 3, sample);
      expected[i] = (byte) (sample >> 8);
    }
    ComponentColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    Path file = write(new BufferedImage(colours, raster, false, null), format);
    assertIdentical(new RgbImage(5, 4, expected), read(file));
  }

  @Test
  void interlacedPngIsRead() throws IOException {
    RgbImage image = TestImages.noise(19, 13, 4);
    ImageWriter writer = writerOfJdk("png");
    ImageWriteParam interlaced = writer.getDefaultWriteParam();
    interlaced.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    Path file = folder.resolve("interlaced.png");
    try (ImageOutputStream output = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(output);
      writer.write(null, new IIOImage(buffered(image), null, null), interlaced);
    }
    assertEquals(1, Files.readAllBytes(file)[28], "interlace method");
    assertIdentical(image, read(file));
  }

  @Test
  void bitmapsOf16BitsAPixelAreScaled() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_565_RGB);
    image.getRaster().setPixel(0, 0, new int[] {31, 63, 0});
    image.getRaster().setPixel(1, 0, new int[] {16, 33, 1});
    byte[] expected = {(byte) 255, (byte) 255, 0, (byte) 131, (byte) 133, 8};
    assertIdentical(new RgbImage(2, 1, expected), read(write(image, "bmp")));
  }

  @Test
  void onePixelIsAnImage() throws IOException {
    RgbImage pixel = new RgbImage(1, 1, new byte[] {1, 2, 3});
    assertIdentical(pixel, read(write(buffered(pixel), "png")));
  }

  @Test
  void exifOrientationAndFocalLengthAreApplied() throws IOException {
    byte[] exif = ExifBlock.of(8, Map.of(ExifBlock.FOCAL_LENGTH_35MM, 50.0));
    Path file = folder.resolve("exif.jpg");
    Files.write(file, withExif(Files.readAllBytes(DECODE.resolve("grey.jpg")), exif));
    Photo photo = ImageReader.read(file, ImageLimits.defaults());
    assertIdentical(
        Orientation.ROTATE_90_COUNTERCLOCKWISE.apply(read(DECODE.resolve("grey.jpg"))),
        photo.pixels());
    // 61 x 47 pixels have a diagonal of 77.0065
    assertEquals(50 * 77.0065 / 43.2666, photo.exifFocalPx().orElseThrow(), 1e-3);
  }

  @Test
  void aPhotoWithoutExifHasNoFocalLength() {
    assertTrue(
        ImageReader.read(DECODE.resolve("rgb.png"), ImageLimits.defaults())
            .exifFocalPx()
            .isEmpty());
  }

  private static byte[] withExif(byte[] jpeg, byte[] exif) throws IOException {
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(jpeg, 0, 2);
    int length = 2 + 6 + exif.length;
    result.write(new byte[] {(byte) 0xff, (byte) 0xe1, (byte) (length >> 8), (byte) length});
    result.write(new byte[] {'E', 'x', 'i', 'f', 0, 0});
    result.write(exif);
    result.write(jpeg, 2, jpeg.length - 2);
    return result.toByteArray();
  }

  private Path write(BufferedImage image, String format) throws IOException {
    Path file = folder.resolve("image." + format);
    try (ImageOutputStream output = ImageIO.createImageOutputStream(file.toFile())) {
      ImageWriter writer = writerOfJdk(format);
      writer.setOutput(output);
      writer.write(image);
    }
    return file;
  }

  private static ImageWriter writerOfJdk(String format) {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
    ImageWriter writer = writers.next();
    while (writer.getClass().getModule() != BufferedImage.class.getModule()) {
      writer = writers.next();
    }
    return writer;
  }

  private static BufferedImage buffered(RgbImage image) {
    BufferedImage result =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int colour = image.get(x, y, 0) << 16 | image.get(x, y, 1) << 8 | image.get(x, y, 2);
        result.setRGB(x, y, colour);
      }
    }
    return result;
  }

  private static RgbImage read(Path file) {
    return ImageReader.read(file, ImageLimits.defaults()).pixels();
  }
}
