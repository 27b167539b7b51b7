package dev.mast3r.image;

import dev.mast3r.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The RIFF chunks of a WebP file (RFC 9649): whether they are all there, and the EXIF block. */
final class WebpFile {

  private static final int FIRST_CHUNK = 12;
  private static final int CHUNK_HEADER = 8;

  private WebpFile() {}

  /**
   * Returns the TIFF block of the EXIF chunk.
   *
   * @throws InputException if the file is shorter than its header says; the line does not name the
   *     file
   */
  static Optional<byte[]> checkedExif(byte[] file) {
    ByteBuffer chunks = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long expected = CHUNK_HEADER + Integer.toUnsignedLong(chunks.getInt(4));
    if (expected > file.length) {
      throw new InputException(
          "truncated WebP image: expected " + expected + " bytes, found " + file.length);
    }
    long position = FIRST_CHUNK;
    while (position + CHUNK_HEADER <= file.length) {
      int start = (int) position + CHUNK_HEADER;
      long length = Integer.toUnsignedLong(chunks.getInt(start - 4));
      String type = new String(file, start - CHUNK_HEADER, 4, StandardCharsets.ISO_8859_1);
      if (type.equals("EXIF") && start + length <= file.length) {
        return Optional.of(withoutPrefix(Arrays.copyOfRange(file, start, start + (int) length)));
      }
      position = start + length + length % 2;
    }
    return Optional.empty();
  }

  /** Some writers keep the prefix that the block has in JPEG files. */
  private static byte[] withoutPrefix(byte[] block) {
    byte[] prefix = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    boolean prefixed =
        block.length >= prefix.length
            && Arrays.equals(block, 0, prefix.length, prefix, 0, prefix.length);
    return prefixed ? Arrays.copyOfRange(block, prefix.length, block.length) : block;
  }
}
