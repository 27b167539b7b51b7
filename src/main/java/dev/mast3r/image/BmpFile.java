package dev.mast3r.image;

import dev.mast3r.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The headers of a Windows bitmap, as far as they tell how long the file must be: the JDK's reader
 * leaves missing rows black.
 */
final class BmpFile {

  private static final int PIXEL_OFFSET = 10;
  private static final int HEADER_SIZE = 14;
  private static final int OS2_HEADER_SIZE = 12;
  private static final int WINDOWS_HEADER_END = 54;
  private static final int RUN_LENGTH_8 = 1;
  private static final int RUN_LENGTH_4 = 2;

  private BmpFile() {}

  /**
   * Checks that the pixels are all there.
   *
   * @throws InputException if the file is shorter than its headers say; the line does not name the
   *     file
   */
  static void check(byte[] file) {
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < WINDOWS_HEADER_END) {
      throw new InputException(
          "truncated BMP image: expected a header of 54 bytes, found " + file.length);
    }
    long pixels;
    if (header.getInt(HEADER_SIZE) == OS2_HEADER_SIZE) {
      long width = Short.toUnsignedLong(header.getShort(18));
      pixels = rowBytes(width, header.getShort(24)) * Short.toUnsignedLong(header.getShort(20));
    } else if (header.getInt(30) == RUN_LENGTH_8 || header.getInt(30) == RUN_LENGTH_4) {
      pixels = Integer.toUnsignedLong(header.getInt(34));
    } else {
      // the height of a bitmap that is stored top down is negative
      pixels =
          rowBytes(header.getInt(18), header.getShort(28)) * Math.abs((long) header.getInt(22));
    }
    long expected = Integer.toUnsignedLong(header.getInt(PIXEL_OFFSET)) + pixels;
    if (expected > file.length) {
      throw new InputException(
          "truncated BMP image: expected " + expected + " bytes, found " + file.length);
    }
  }

  /** Rows are padded to 4 bytes. */
  private static long rowBytes(long width, int bitsPerPixel) {
    return (width * bitsPerPixel + 31) / 32 * 4;
  }
}
