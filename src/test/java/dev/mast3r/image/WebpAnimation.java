package dev.mast3r.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes animated WebP files (RFC 9649, section 2.7.1.1) of a still one. */
final class WebpAnimation {

  private WebpAnimation() {}

  /** Returns an animation of one page: the still's only chunk, on a canvas of its size. */
  static byte[] of(byte[] still, int width, int height) {
    int chunk = still.length - 12;
    ByteBuffer file = ByteBuffer.allocate(12 + 18 + 14 + 24 + chunk).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(file.capacity() - 8).put(ascii("WEBP"));
    file.put(ascii("VP8X")).putInt(10).putInt(0x02);
    putSize(file, width, height);
    file.put(ascii("ANIM")).putInt(6).putInt(0).putShort((short) 0);
    file.put(ascii("ANMF")).putInt(16 + chunk).put(new byte[6]);
    putSize(file, width, height);
    file.put(new byte[] {100, 0, 0, 0x02});
    file.put(still, 12, chunk);
    return file.array();
  }

  private static void putSize(ByteBuffer file, int width, int height) {
    for (int side : new int[] {width - 1, height - 1}) {
      file.putShort((short) side).put((byte) (side >> 16));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
