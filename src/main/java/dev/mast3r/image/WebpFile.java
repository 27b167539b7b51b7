package dev.mast3r.image;

import dev.mast3r.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

/**
 * The RIFF chunks of a WebP file (RFC 9649), and its pixels.
 *
 * <p>OpenCV's libwebp decodes them, some thirty times as fast as a decoder in Java and with the
 * bytes that Pillow gives; {@link OpenCvLibrary#load} must have run.
 */
final class WebpFile {

  private static final int FIRST_CHUNK = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int ANIMATION = 0x02;

  /** What the first chunk has to have for the size to be read from it. */
  private static final int SIZE_END = FIRST_CHUNK + CHUNK_HEADER + 10;

  private static final int SIZE_BITS = 14;
  private static final int SIZE_MASK = (1 << SIZE_BITS) - 1;

  private final byte[] file;
  private final ByteBuffer chunks;

  /**
   * @throws InputException if the file is shorter than its header says, or has no image chunk in
   *     front; the line does not name the file
   */
  WebpFile(byte[] file) {
    this.file = file;
    this.chunks = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long expected = CHUNK_HEADER + Integer.toUnsignedLong(chunks.getInt(4));
    if (expected > file.length) {
      throw new InputException(
          "truncated WebP image: expected " + expected + " bytes, found " + file.length);
    }
    if (file.length < SIZE_END || !type(FIRST_CHUNK).startsWith("VP8")) {
      throw damaged();
    }
  }

  int width() {
    return size(0);
  }

  int height() {
    return size(1);
  }

  /** Returns whether there are several pages, which libwebp's plain decoder does not read. */
  boolean isAnimated() {
    return type(FIRST_CHUNK).equals("VP8X") && (file[FIRST_CHUNK + CHUNK_HEADER] & ANIMATION) != 0;
  }

  /** The canvas, or the frame where there is no canvas; the fields of a frame have 14 bits. */
  private int size(int axis) {
    int content = FIRST_CHUNK + CHUNK_HEADER;
    return switch (type(FIRST_CHUNK)) {
      case "VP8X" -> 1 + (chunks.getInt(content + 3 + 3 * axis) >>> 8);
      case "VP8L" -> 1 + (chunks.getInt(content + 1) >>> (SIZE_BITS * axis) & SIZE_MASK);
      case "VP8 " -> chunks.getShort(content + 6 + 2 * axis) & SIZE_MASK;
      default -> throw damaged();
    };
  }

  private String type(int chunk) {
    return new String(file, chunk, 4, StandardCharsets.ISO_8859_1);
  }

  /** Returns the TIFF block of the EXIF chunk. */
  Optional<byte[]> exif() {
    long position = FIRST_CHUNK;
    while (position + CHUNK_HEADER <= file.length) {
      int start = (int) position + CHUNK_HEADER;
      long length = Integer.toUnsignedLong(chunks.getInt(start - 4));
      if (type(start - CHUNK_HEADER).equals("EXIF") && start + length <= file.length) {
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

  /**
   * Decodes a file of one page; alpha is dropped, orientation is not applied.
   *
   * @throws InputException if its data are damaged
   */
  RgbImage decode() {
    MatOfByte encoded = new MatOfByte(file);
    Mat pixels = new Mat();
    try {
      Mat bgr =
          Imgcodecs.imdecode(encoded, Imgcodecs.IMREAD_COLOR | Imgcodecs.IMREAD_IGNORE_ORIENTATION);
      try {
        if (bgr.cols() != width() || bgr.rows() != height()) {
          throw damaged();
        }
        Imgproc.cvtColor(bgr, pixels, Imgproc.COLOR_BGR2RGB);
      } finally {
        bgr.release();
      }
      byte[] rgb = new byte[Math.toIntExact(pixels.total() * pixels.channels())];
      pixels.get(0, 0, rgb);
      return new RgbImage(pixels.cols(), pixels.rows(), rgb);
    } finally {
      pixels.release();
      encoded.release();
    }
  }

  private static InputException damaged() {
    return new InputException("damaged WebP image");
  }
}
