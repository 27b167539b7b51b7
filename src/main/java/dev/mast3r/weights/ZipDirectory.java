package dev.mast3r.weights;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.MappedRegions.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Where the stored entries of a zip file lie in it. Checkpoints are zip files whose local headers
 * have neither sizes nor hashes, so that everything but the start of the data comes from the
 * central directory; sizes and offsets of 32 bits are unsigned, those of Zip64 are understood.
 *
 * <p>Nothing is unpacked: a compressed or encrypted entry is refused when it is asked for. Names
 * are compared, never used as paths.
 */
final class ZipDirectory {

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int ZIP64_EXTRA = 1;
  private static final long MAX_32 = 0xffff_ffffL;

  /** An official file's directory has 0.1 MB. */
  private static final long LONGEST_DIRECTORY = 64 << 20;

  private record Entry(int flags, int method, int crc, long compressed, long bytes, long header) {}

  private record Location(long offset, long bytes) {}

  private final FileChannel channel;
  private final Location directory;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private ZipDirectory(FileChannel channel, Location directory) {
    this.channel = channel;
    this.directory = directory;
  }

  /**
   * Reads the central directory.
   *
   * @throws ModelException if the file is no zip file, or cut off or damaged
   */
  static ZipDirectory read(FileChannel channel) throws IOException {
    ZipDirectory zip = new ZipDirectory(channel, locate(channel));
    zip.parse();
    return zip;
  }

  private static Location locate(FileChannel channel) throws IOException {
    long fileBytes = channel.size();
    int tailBytes = (int) Math.min(fileBytes, END_BYTES + 0xffff);
    ByteBuffer tail = read(channel, fileBytes - tailBytes, tailBytes);
    for (int at = tailBytes - END_BYTES; at >= 0; at--) {
      // a comment may contain the signature too, but then its length does not reach the file's end
      if (tail.getInt(at) == END_SIGNATURE
          && at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) == tailBytes) {
        long end = fileBytes - tailBytes + at;
        Location location =
            locate64(channel, end)
                .orElse(
                    new Location(
                        Integer.toUnsignedLong(tail.getInt(at + 16)),
                        Integer.toUnsignedLong(tail.getInt(at + 12))));
        if (location.offset() < 0
            || location.bytes() < 0
            || location.bytes() > LONGEST_DIRECTORY
            || location.offset() > end - location.bytes()) {
          throw new ModelException("the zip directory is damaged or the file was cut off");
        }
        return location;
      }
    }
    throw new ModelException("the zip directory is missing: the file was cut off");
  }

  private static Optional<Location> locate64(FileChannel channel, long end) throws IOException {
    if (end < LOCATOR_BYTES + END64_BYTES) {
      return Optional.empty();
    }
    ByteBuffer locator = read(channel, end - LOCATOR_BYTES, LOCATOR_BYTES);
    if (locator.getInt(0) != LOCATOR_SIGNATURE) {
      return Optional.empty();
    }
    long offset = locator.getLong(8);
    if (offset < 0 || offset > end - LOCATOR_BYTES - END64_BYTES) {
      throw new ModelException("the Zip64 directory lies outside of the file");
    }
    ByteBuffer end64 = read(channel, offset, END64_BYTES);
    if (end64.getInt(0) != END64_SIGNATURE) {
      throw new ModelException("the Zip64 directory is damaged");
    }
    return Optional.of(new Location(end64.getLong(48), end64.getLong(40)));
  }

  private void parse() throws IOException {
    ByteBuffer bytes = read(channel, directory.offset(), (int) directory.bytes());
    while (bytes.hasRemaining()) {
      int start = bytes.position();
      if (bytes.remaining() < ENTRY_BYTES || bytes.getInt(start) != ENTRY_SIGNATURE) {
        throw new ModelException("entry " + entries.size() + " of the zip directory is damaged");
      }
      int nameBytes = Short.toUnsignedInt(bytes.getShort(start + 28));
      int extraBytes = Short.toUnsignedInt(bytes.getShort(start + 30));
      int commentBytes = Short.toUnsignedInt(bytes.getShort(start + 32));
      if (bytes.remaining() - ENTRY_BYTES < nameBytes + extraBytes + commentBytes) {
        throw new ModelException("entry " + entries.size() + " of the zip directory is cut off");
      }
      int extraStart = start + ENTRY_BYTES + nameBytes;
      String name =
          StandardCharsets.UTF_8.decode(bytes.slice(start + ENTRY_BYTES, nameBytes)).toString();
      Entry entry =
          entry(
              bytes.slice(start, ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN),
              bytes.slice(extraStart, extraBytes).order(ByteOrder.LITTLE_ENDIAN),
              name);
      if (entries.put(name, entry) != null) {
        throw new ModelException("zip entry " + Quoted.of(name) + " stands twice in the directory");
      }
      bytes.position(extraStart + extraBytes + commentBytes);
    }
  }

  private static Entry entry(ByteBuffer header, ByteBuffer extra, String name) {
    long[] values = {
      Integer.toUnsignedLong(header.getInt(24)),
      Integer.toUnsignedLong(header.getInt(20)),
      Integer.toUnsignedLong(header.getInt(42))
    };
    while (extra.remaining() >= 4) {
      int kind = Short.toUnsignedInt(extra.getShort());
      int length = Short.toUnsignedInt(extra.getShort());
      if (length > extra.remaining()) {
        break;
      }
      if (kind == ZIP64_EXTRA) {
        // holds, in this order, those values alone that do not fit 32 bits
        ByteBuffer wide = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
          if (values[i] == MAX_32 && wide.remaining() >= Long.BYTES) {
            values[i] = wide.getLong();
          }
        }
      }
      extra.position(extra.position() + length);
    }
    if (values[0] < 0 || values[1] < 0 || values[2] < 0) {
      throw new ModelException("zip entry " + Quoted.of(name) + " has a forged size");
    }
    return new Entry(
        Short.toUnsignedInt(header.getShort(8)),
        Short.toUnsignedInt(header.getShort(10)),
        header.getInt(16),
        values[1],
        values[0],
        values[2]);
  }

  Set<String> names() {
    return entries.keySet();
  }

  /**
   * Returns where the data of an entry lies.
   *
   * @throws ModelException if there is no such entry, it is compressed or encrypted, does not lie
   *     before the directory, or is larger than 2 GiB
   */
  Region region(String name) throws IOException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new ModelException("zip entry " + Quoted.of(name) + " is missing");
    }
    if (entry.method() != 0 || (entry.flags() & 1) != 0 || entry.compressed() != entry.bytes()) {
      throw new ModelException(
          "zip entry "
              + Quoted.of(name)
              + " is compressed or encrypted: torch.save stores its entries as they are");
    }
    long limit = directory.offset();
    if (entry.header() > limit - LOCAL_BYTES) {
      throw new ModelException("zip entry " + Quoted.of(name) + " lies outside of the file");
    }
    ByteBuffer local = read(channel, entry.header(), LOCAL_BYTES);
    checkName(name, entry, local);
    // the padding that aligns the data is in the local header's extra field only
    long start =
        entry.header()
            + LOCAL_BYTES
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    if (entry.bytes() > limit - start) {
      throw new ModelException("zip entry " + Quoted.of(name) + " lies outside of the file");
    }
    if (entry.bytes() > Integer.MAX_VALUE) {
      throw new ModelException("zip entry " + Quoted.of(name) + " is larger than 2 GiB");
    }
    return new Region(start, (int) entry.bytes());
  }

  /** Two entries of the directory must not claim one header, nor one anything else for a header. */
  private void checkName(String name, Entry entry, ByteBuffer local) throws IOException {
    byte[] expected = name.getBytes(StandardCharsets.UTF_8);
    if (local.getInt(0) != LOCAL_SIGNATURE
        || Short.toUnsignedInt(local.getShort(26)) != expected.length
        || entry.header() + LOCAL_BYTES > directory.offset() - expected.length
        || !read(channel, entry.header() + LOCAL_BYTES, expected.length)
            .equals(ByteBuffer.wrap(expected))) {
      throw new ModelException("zip entry " + Quoted.of(name) + " lies outside of the file");
    }
  }

  /**
   * Returns whether data read from an entry is what was written: has its CRC-32. A checksum of zero
   * tells nothing, as torch.save can be told to compute none.
   */
  boolean isWhole(String name, ByteBuffer data) {
    int expected = entries.get(name).crc();
    if (expected == 0) {
      return true;
    }
    CRC32 found = new CRC32();
    found.update(data.duplicate());
    return (int) found.getValue() == expected;
  }

  /** Reads a small entry whole. */
  ByteBuffer read(String name, int maxBytes) throws IOException {
    Region region = region(name);
    if (region.length() > maxBytes) {
      throw new ModelException(
          "zip entry "
              + Quoted.of(name)
              + " has "
              + region.length()
              + " bytes, more than any checkpoint's");
    }
    ByteBuffer data = read(channel, region.offset(), region.length());
    if (!isWhole(name, data)) {
      throw new ModelException(
          "zip entry " + Quoted.of(name) + " is damaged: its checksum differs");
    }
    return data;
  }

  private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new ModelException("the file was cut off while it was read");
      }
    }
    return buffer.flip();
  }
}
