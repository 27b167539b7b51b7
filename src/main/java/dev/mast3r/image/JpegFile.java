package dev.mast3r.image;

import dev.mast3r.error.InputException;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageReader;

/**
 * The segments of a JPEG file (ITU-T T.81, annex B), and its pixels.
 *
 * <p>The entropy-coded data go through the JDK's libjpeg, but without the metadata segments, and
 * raw: so no embedded colour profile is applied and no damaged one can do harm. Which colours the
 * samples are is decided here, by libjpeg's own rules (see {@link JpegColours}).
 */
final class JpegFile {

  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int COMMENT = 0xfe;

  private final byte[] file;
  private final ByteArrayOutputStream image = new ByteArrayOutputStream();
  private Optional<byte[]> exif = Optional.empty();
  private byte[] frame = new byte[0];
  private boolean jfif;
  private int adobeTransform = JpegColours.NO_ADOBE_MARKER;
  private boolean ended;

  private JpegFile(byte[] file) {
    this.file = file;
  }

  /** Walks the segments; {@link InputException} without the file's name if there is no frame. */
  static JpegFile parse(byte[] file) {
    JpegFile jpeg = new JpegFile(file);
    jpeg.walk();
    if (jpeg.frame.length < 6 || jpeg.frame.length < 6 + 3 * jpeg.components()) {
      throw new InputException("damaged JPEG image: found no frame header");
    }
    return jpeg;
  }

  private void walk() {
    image.write(file, 0, 2);
    int position = 2;
    while (!ended && position + 4 <= file.length) {
      int marker = file[position + 1] & 0xff;
      if (file[position] != (byte) 0xff || marker == 0xff || marker == 0) {
        position++; // fill bytes; libjpeg steps over rubbish between segments too
      } else if (marker == END_OF_IMAGE) {
        ended = true;
      } else {
        int length = 2 + bigEndianShort(file, position + 2);
        int end = Math.min(file.length, position + Math.max(4, length));
        read(marker, Arrays.copyOfRange(file, position + 4, end));
        if (marker == START_OF_SCAN) {
          end = endOfEntropyData(end);
        }
        if (!isMetadata(marker)) {
          image.write(file, position, end - position);
        }
        position = end;
      }
    }
    ended |=
        position + 2 <= file.length
            && file[position] == (byte) 0xff
            && file[position + 1] == (byte) END_OF_IMAGE;
    image.write(0xff);
    image.write(END_OF_IMAGE);
  }

  private static boolean isMetadata(int marker) {
    return (marker >= APP0 && marker <= APP0 + 15) || marker == COMMENT;
  }

  private void read(int marker, byte[] payload) {
    if (marker == APP0 && payload.length >= 12 && startsWith(payload, "JFIF\0")) {
      jfif = true;
    } else if (marker == APP14 && payload.length >= 12 && startsWith(payload, "Adobe")) {
      adobeTransform = payload[11] & 0xff;
    } else if (marker == APP1 && exif.isEmpty() && startsWith(payload, "Exif\0\0")) {
      exif = Optional.of(Arrays.copyOfRange(payload, 6, payload.length));
    } else if (isFrame(marker)) {
      if (marker > 0xc2 || (payload.length > 0 && payload[0] != 8)) {
        throw new InputException(
            "unsupported JPEG image: expected 8-bit baseline or progressive coding, found process "
                + (marker - 0xc0));
      }
      frame = payload;
    }
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static boolean startsWith(byte[] payload, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
    return payload.length >= expected.length
        && Arrays.equals(payload, 0, expected.length, expected, 0, expected.length);
  }

  private static int bigEndianShort(byte[] bytes, int offset) {
    return ((bytes[offset] & 0xff) << 8) | (bytes[offset + 1] & 0xff);
  }

  /** Stuffed zeros, restart markers and fill bytes belong to the entropy-coded data. */
  private int endOfEntropyData(int start) {
    for (int i = start; i + 1 < file.length; i++) {
      if (file[i] == (byte) 0xff) {
        int next = file[i + 1] & 0xff;
        if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
          return i;
        }
      }
    }
    return file.length;
  }

  int width() {
    return bigEndianShort(frame, 3);
  }

  int height() {
    return bigEndianShort(frame, 1);
  }

  private int components() {
    return frame[5] & 0xff;
  }

  /** Returns the TIFF block of the EXIF segment. */
  Optional<byte[]> exif() {
    return exif;
  }

  /**
   * Decodes the pixels.
   *
   * @param reader the JDK's JPEG reader, which is disposed of
   * @throws InputException if data are missing or damaged, where libjpeg itself would fill with
   *     grey
   */
  RgbImage decode(ImageReader reader) throws IOException {
    if (!ended) {
      throw new InputException("truncated JPEG image: found no end-of-image marker");
    }
    AtomicReference<String> damage = new AtomicReference<>("");
    reader.addIIOReadWarningListener(
        (source, warning) -> {
          if (tellsDamage(warning)) {
            damage.compareAndSet("", warning);
          }
        });
    Raster raster;
    try (WholeFileInput input = new WholeFileInput(image.toByteArray())) {
      reader.setInput(input, true, true);
      raster = reader.readRaster(0, null);
    } finally {
      reader.dispose();
    }
    if (!damage.get().isEmpty()) {
      throw new InputException("truncated or damaged JPEG image: " + damage.get());
    }
    byte[] componentIds = new byte[components()];
    for (int i = 0; i < componentIds.length; i++) {
      componentIds[i] = frame[6 + 3 * i];
    }
    return JpegColours.of(componentIds, jfif, adobeTransform).toRgb(raster);
  }

  /** Rubbish between segments is common and harmless; what libjpeg calls corrupt else is not. */
  private static boolean tellsDamage(String warning) {
    return (warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous bytes"))
        || warning.startsWith("Premature end");
  }
}
