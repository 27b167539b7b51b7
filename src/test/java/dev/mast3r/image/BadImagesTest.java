package dev.mast3r.image;

import static dev.mast3r.image.TestImages.DECODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.mast3r.error.InputException;
import dev.mast3r.testsupport.OpenCvForTests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no good image is one line that names the file, and never anything else. */
class BadImagesTest {

  private static final ImageLimits LIMITS = ImageLimits.defaults();

  @TempDir Path folder;

  @BeforeAll
  static void loadOpenCv() {
    OpenCvForTests.load();
  }

  @Test
  void aMissingFileIsNamed() {
    assertFails(folder.resolve("none.jpg"), "no such file");
  }

  @Test
  void aFolderIsNoImage() {
    assertFails(folder, "expected an image, found a folder");
  }

  @Test
  void anUnreadableFileIsNamed() throws IOException {
    Path file = write("secret.png", new byte[] {1});
    assertTrue(file.toFile().setReadable(false));
    assumeFalse(Files.isReadable(file), "skipped: permissions do not bind this user");
    assertFails(file, "cannot be read: permission denied");
  }

  @ParameterizedTest
  @CsvSource({
    "'', an empty file",
    "hello, no image",
    "GIF89a, a GIF image",
    "0000ftypheic, a HEIC image",
    "0000ftypavif, an AVIF image"
  })
  void otherContentIsToldApart(String content, String found) throws IOException {
    Path file = write("photo.jpg", content.getBytes(StandardCharsets.ISO_8859_1));
    assertFails(file, "expected a JPEG, PNG, WebP, TIFF or BMP image, found " + found);
  }

  @Test
  void aFileBeyondTheLimitIsNotRead() throws IOException {
    Path file = write("long.png", new byte[101]);
    InputException failure =
        assertThrows(InputException.class, () -> ImageReader.read(file, new ImageLimits(100, 100)));
    assertEquals(
        file + ": more than the limit of 100 bytes for an image file", failure.getMessage());
  }

  @Test
  void pixelsBeyondTheLimitAreRefusedInEveryFormat() throws IOException {
    ImageLimits tight = new ImageLimits(61 * 47 - 1, 1 << 20);
    List<String> names =
        List.of(
            "rgb.png",
            "grey.jpg",
            "rgb.bmp",
            "alpha.tif",
            "lossy.webp",
            "lossless.webp",
            "alpha.webp");
    for (String name : names) {
      Path file = DECODE.resolve(name);
      InputException failure =
          assertThrows(InputException.class, () -> ImageReader.read(file, tight));
      assertEquals(
          file + ": an image of 61 x 47 is more than the limit of 2866 pixels",
          failure.getMessage());
      ImageReader.read(file, new ImageLimits(61 * 47, 1 << 20));
    }
  }

  @Test
  void aHugePngIsRefusedByItsHeaderAlone() throws IOException {
    byte[] header = Arrays.copyOf(pngOfSize(60_000, 60_000), 33);
    assertFails(
        write("bomb.png", header),
        "an image of 60000 x 60000 is more than the limit of 200000000 pixels");
  }

  @Test
  void aHugeJpegIsRefusedByItsHeaderAlone() throws IOException {
    byte[] jpeg = bytes("grey.jpg");
    int frame = indexOf(jpeg, 0xff, 0xc0);
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 60_000).putShort(frame + 7, (short) 60_000);
    assertFails(
        write("bomb.jpg", jpeg),
        "an image of 60000 x 60000 is more than the limit of 200000000 pixels");
  }

  @Test
  void aPngWithoutPixelsIsRefused() throws IOException {
    assertFails(write("none.png", pngOfSize(0, 7)), "expected at least one pixel, found 0 x 7");
    assertFails(
        write("negative.png", pngOfSize(-1, 7)), "expected at least one pixel, found -1 x 7");
  }

  @Test
  void aPngWhoseHeaderPromisesMoreThanThereIsFails() throws IOException {
    assertFailsLike(write("lying.png", pngOfSize(61, 480)), "damaged PNG image: .*");
  }

  @Test
  void aPngWithAWrongChecksumIsDamaged() throws IOException {
    byte[] png = bytes("rgb.png");
    png[png.length / 2] ^= 1;
    assertFails(write("flipped.png", png), "damaged PNG image: wrong checksum of its IDAT chunk");
  }

  @Test
  void aBitmapWithoutAHeaderIsTruncated() throws IOException {
    assertFails(
        write("short.bmp", Arrays.copyOf(bytes("rgb.bmp"), 53)),
        "truncated BMP image: expected a header of 54 bytes, found 53");
  }

  @Test
  void aPngThatIsNothingButASignatureIsDamaged() throws IOException {
    assertFails(
        write("short.png", Arrays.copyOf(bytes("rgb.png"), 20)),
        "damaged PNG image: found no IHDR chunk");
  }

  @ParameterizedTest
  @CsvSource({
    "baseline-420.jpg, truncated JPEG image: found no end-of-image marker",
    "progressive.jpg, truncated JPEG image: found no end-of-image marker",
    "rgb.png, truncated PNG image: found no IEND chunk",
    "lossless.webp, 'truncated WebP image: expected \\d+ bytes, found \\d+'",
    "lossy.webp, 'truncated WebP image: expected \\d+ bytes, found \\d+'",
    "rgb-lzw.tif, damaged TIFF image(: its data end too early)?",
    "rgb-jpeg.tif, damaged TIFF image(: its data end too early)?",
    "grey16.tif, damaged TIFF image(: its data end too early)?",
    "rgb.bmp, 'truncated BMP image: expected \\d+ bytes, found \\d+'",
    "palette.bmp, 'truncated BMP image: expected \\d+ bytes, found \\d+'"
  })
  void aTruncatedImageIsAnErrorNotGrey(String name, String message) throws IOException {
    byte[] whole = bytes(name);
    for (int length : new int[] {whole.length * 9 / 10, whole.length / 2, whole.length - 1}) {
      assertFailsLike(write(name, Arrays.copyOf(whole, length)), message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"baseline-420.jpg", "grey.jpg", "cmyk.jpg"})
  void aTruncatedJpegThatWasGivenAnEndIsAnErrorNotGrey(String name) throws IOException {
    byte[] jpeg = Arrays.copyOf(bytes(name), bytes(name).length * 3 / 4);
    jpeg[jpeg.length - 2] = (byte) 0xff;
    jpeg[jpeg.length - 1] = (byte) 0xd9;
    assertFails(
        write(name, jpeg),
        "truncated or damaged JPEG image: Corrupt JPEG data: premature end of data segment");
  }

  @Test
  void rubbishBetweenJpegSegmentsDoesNoHarm() throws IOException {
    byte[] jpeg = bytes("baseline-420.jpg");
    int frame = indexOf(jpeg, 0xff, 0xc0);
    byte[] padded = new byte[jpeg.length + 5];
    System.arraycopy(jpeg, 0, padded, 0, frame);
    System.arraycopy(jpeg, frame, padded, frame + 5, jpeg.length - frame);
    RgbDifference.assertIdentical(
        ImageReader.read(DECODE.resolve("baseline-420.jpg"), LIMITS).pixels(),
        ImageReader.read(write("padded.jpg", padded), LIMITS).pixels());
  }

  @Test
  void aLosslessJpegIsUnsupported() throws IOException {
    byte[] jpeg = bytes("grey.jpg");
    jpeg[indexOf(jpeg, 0xff, 0xc0) + 1] = (byte) 0xc3;
    assertFails(
        write("lossless.jpg", jpeg),
        "unsupported JPEG image: expected 8-bit baseline or progressive coding, found process 3");
  }

  @Test
  void aJpegWithoutAFrameIsDamaged() throws IOException {
    byte[] file = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9};
    assertFails(write("empty.jpg", file), "damaged JPEG image: found no frame header");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "baseline-420.jpg", "progressive.jpg", "cmyk.jpg", "orientation-6.jpg", "alpha.png",
        "palette.png", "orientation-6.webp", "lossy.webp", "rgb-lzw.tif", "rgb-jpeg.tif",
        "palette.tif", "alpha.bmp", "palette.bmp"
      })
  void damagedBytesGiveAPhotoOrOneLine(String name) throws IOException {
    byte[] whole = bytes(name);
    Random random = new Random(name.hashCode());
    for (int round = 0; round < 16; round++) {
      byte[] damaged = whole.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        // headers are where damage does the most
        int range = random.nextBoolean() ? damaged.length : Math.min(damaged.length, 200);
        damaged[random.nextInt(range)] ^= (byte) (1 << random.nextInt(8));
      }
      if (round % 4 == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
      repairPngChecksums(damaged);
      Path file = write("damaged", damaged);
      try {
        Photo photo = ImageReader.read(file, new ImageLimits(1 << 20, 1 << 20));
        assertTrue(photo.pixels().width() > 0);
      } catch (InputException e) {
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0", "715827880, 1", "1, 2147483640"})
  void limitsBeyondAnArrayAreADefectOfTheCaller(long maxPixels, long maxFileBytes) {
    assertThrows(IllegalArgumentException.class, () -> new ImageLimits(maxPixels, maxFileBytes));
  }

  @Test
  void theDefaultLimitsTakeA100MegapixelPhoto() {
    assertEquals(new ImageLimits(200_000_000, 1_073_741_824), LIMITS);
  }

  private void assertFails(Path file, String message) {
    InputException failure =
        assertThrows(InputException.class, () -> ImageReader.read(file, LIMITS));
    assertEquals(file + ": " + message, failure.getMessage());
  }

  private void assertFailsLike(Path file, String pattern) {
    InputException failure =
        assertThrows(InputException.class, () -> ImageReader.read(file, LIMITS));
    String message = failure.getMessage().replace(file + ": ", "");
    assertTrue(message.matches(pattern), message);
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(DECODE.resolve(name));
  }

  private static byte[] pngOfSize(int width, int height) throws IOException {
    byte[] png = bytes("rgb.png");
    ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
    repairPngChecksums(png);
    return png;
  }

  /** So that damage gets past the checksums to the decoder. */
  private static void repairPngChecksums(byte[] png) {
    ByteBuffer chunks = ByteBuffer.wrap(png);
    int position = 8;
    while (position + 12 <= png.length && png[1] == 'P' && png[2] == 'N') {
      long length = Integer.toUnsignedLong(chunks.getInt(position));
      if (length > png.length - position - 12) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(png, position + 4, (int) length + 4);
      chunks.putInt(position + 8 + (int) length, (int) crc.getValue());
      position += 12 + (int) length;
    }
  }

  private static int indexOf(byte[] bytes, int first, int second) {
    for (int i = 0; i + 1 < bytes.length; i++) {
      if ((bytes[i] & 0xff) == first && (bytes[i + 1] & 0xff) == second) {
        return i;
      }
    }
    throw new AssertionError("no " + first + " " + second);
  }
}
