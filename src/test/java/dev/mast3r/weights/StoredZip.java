package dev.mast3r.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes zip files as torch.save does: stored entries, local headers without sizes, data aligned to
 * 64 bytes by padding in the local extra field, data descriptors.
 */
final class StoredZip {

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private int entries;

  /** Adds an entry. */
  StoredZip add(String name, byte[] data) {
    return add(name, data, file.size(), 0, data.length);
  }

  /** Adds an entry whose directory says what the caller likes. */
  StoredZip add(String name, byte[] data, long headerOffset, int method, long bytes) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    int unpadded = file.size() + 30 + nameBytes.length + 4;
    int padding = (64 - unpadded % 64) % 64;
    file.writeBytes(
        little(30)
            .putInt(0x04034b50)
            .putShort((short) 0)
            .putShort((short) 0x0808)
            .putShort((short) method)
            .position(26)
            .putShort((short) nameBytes.length)
            .putShort((short) (4 + padding))
            .array());
    file.writeBytes(nameBytes);
    file.writeBytes(
        little(4 + padding).put((byte) 'F').put((byte) 'B').putShort((short) padding).array());
    file.writeBytes(data);
    CRC32 crc = new CRC32();
    crc.update(data);
    file.writeBytes(
        little(16)
            .putInt(0x08074b50)
            .putInt((int) crc.getValue())
            .putInt(data.length)
            .putInt(data.length)
            .array());
    directory.writeBytes(
        little(46)
            .putInt(0x02014b50)
            .position(8)
            .putShort((short) 0x0808)
            .putShort((short) method)
            .position(16)
            .putInt((int) crc.getValue())
            .putInt((int) bytes)
            .putInt((int) bytes)
            .putShort((short) nameBytes.length)
            .position(42)
            .putInt((int) headerOffset)
            .array());
    directory.writeBytes(nameBytes);
    entries++;
    return this;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the file with a directory of 32 bits. */
  byte[] bytes() {
    return bytes(file.size(), directory.size());
  }

  /** Returns the file with an end record that says what the caller likes. */
  byte[] bytes(long directoryOffset, long directoryBytes) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(file.toByteArray());
    whole.writeBytes(directory.toByteArray());
    whole.writeBytes(
        little(22)
            .putInt(0x06054b50)
            .position(8)
            .putShort((short) entries)
            .putShort((short) entries)
            .putInt((int) directoryBytes)
            .putInt((int) directoryOffset)
            .array());
    return whole.toByteArray();
  }
}
