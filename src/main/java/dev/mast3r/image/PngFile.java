package dev.mast3r.image;

import dev.mast3r.error.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG file (PNG 1.2, section 3): whether they are whole, and the EXIF block among
 * them. The JDK's reader does not look at the checksums.
 */
final class PngFile {

  private static final int SIGNATURE_LENGTH = 8;

  /** Length, type and checksum around the data of a chunk. */
  private static final int CHUNK_OVERHEAD = 12;

  private static final int HEADER_LENGTH = 13;

  private final byte[] file;
  private final ByteBuffer chunks;

  /** Takes a file with the signature of PNG; lines of errors do not name it. */
  PngFile(byte[] file) {
    this.file = file;
    this.chunks = ByteBuffer.wrap(file);
    if (file.length < SIGNATURE_LENGTH + HEADER_LENGTH + CHUNK_OVERHEAD
        || chunks.getInt(SIGNATURE_LENGTH) != HEADER_LENGTH
        || !type(SIGNATURE_LENGTH).equals("IHDR")) {
      throw new InputException("damaged PNG image: found no IHDR chunk");
    }
  }

  /** Returns the width in the header; more than 2^31 - 1 comes out negative. */
  int width() {
    return chunks.getInt(SIGNATURE_LENGTH + 8);
  }

  int height() {
    return chunks.getInt(SIGNATURE_LENGTH + 12);
  }

  /**
   * Checks every critical chunk and returns the TIFF block of the eXIf chunk.
   *
   * @throws InputException if a critical chunk is damaged or the end is missing
   */
  Optional<byte[]> checkedExif() {
    Optional<byte[]> exif = Optional.empty();
    int position = SIGNATURE_LENGTH;
    while (position + CHUNK_OVERHEAD <= file.length) {
      long length = Integer.toUnsignedLong(chunks.getInt(position));
      if (length > file.length - position - CHUNK_OVERHEAD) {
        break;
      }
      int dataStart = position + 8;
      int dataEnd = dataStart + (int) length;
      String type = type(position);
      boolean critical = Character.isUpperCase(type.charAt(0));
      if (critical && chunks.getInt(dataEnd) != checksum(file, position + 4, dataEnd)) {
        throw new InputException(
            "damaged PNG image: wrong checksum of its " + printable(type) + " chunk");
      }
      if (type.equals("IEND")) {
        return exif;
      }
      if (type.equals("eXIf")) {
        exif = Optional.of(Arrays.copyOfRange(file, dataStart, dataEnd));
      }
      position = dataEnd + 4;
    }
    throw new InputException("truncated PNG image: found no IEND chunk");
  }

  private String type(int chunk) {
    return new String(file, chunk + 4, 4, StandardCharsets.ISO_8859_1);
  }

  private static int checksum(byte[] file, int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(file, from, to - from);
    return (int) crc.getValue();
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > ' ' && c < 0x7f) ? type : "unnamed";
  }
}
