package dev.mast3r.image;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file in memory as the decoders want to read it, which stops decoders that go on behind its end.
 *
 * <p>Some take what is missing for zeros and try again for every pixel: a damaged file of a few
 * kilobytes kept one busy for minutes. Reading a little too far ahead is usual and allowed.
 */
final class WholeFileInput extends ImageInputStreamImpl {

  private static final int MAX_READS_AT_END = 1000;

  private final byte[] file;
  private int readsAtEnd;

  WholeFileInput(byte[] file) {
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    checkClosed();
    bitOffset = 0;
    if (streamPos >= file.length) {
      return atEnd();
    }
    return file[(int) streamPos++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    checkClosed();
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= file.length) {
      return atEnd();
    }
    int count = (int) Math.min(length, file.length - streamPos);
    System.arraycopy(file, (int) streamPos, target, offset, count);
    streamPos += count;
    return count;
  }

  private int atEnd() throws IOException {
    readsAtEnd++;
    if (readsAtEnd > MAX_READS_AT_END) {
      throw new IOException("its data end too early");
    }
    return -1;
  }

  @Override
  public long length() {
    return file.length;
  }
}
