package dev.mast3r.output;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's {@code .npz}: a zip of arrays, stored as {@code numpy.savez} does. The same arrays give
 * the same bytes. Closing ends the zip and leaves the stream below open.
 */
public final class NpzWriter implements Closeable {

  /**
   * The real time would make every file differ. A day after the earliest that a zip can name: with
   * that one the JDK adds a second time stamp, which depends on the time zone.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

  private final ZipOutputStream zip;

  public NpzWriter(OutputStream out) {
    this.zip = new ZipOutputStream(out);
  }

  /** Appends one array. */
  public void write(String name, NpyArray array) throws IOException {
    byte[] head = array.header().toBytes();
    CRC32 crc = new CRC32();
    crc.update(head);
    crc.update(array.data());
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setTimeLocal(TIME);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(head.length + (long) array.data().limit());
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(head);
    byte[] chunk = new byte[1 << 16];
    for (var data = array.data(); data.hasRemaining(); ) {
      int length = Math.min(chunk.length, data.remaining());
      data.get(chunk, 0, length);
      zip.write(chunk, 0, length);
    }
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.finish();
    zip.flush();
  }
}
