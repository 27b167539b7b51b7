package dev.mast3r.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the small part of HDF5 that results need: groups with few members and contiguous int32 and
 * float32 datasets, empty ones too. By the HDF5 File Format Specification, version 3.0: superblock
 * version 2, object headers version 2, links inside of the headers; HDF5 1.8 and later read it. The
 * same content gives the same bytes.
 */
final class H5Writer {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int SUPERBLOCK_BYTES = 48;
  private static final long UNDEFINED = -1;

  private static final int DATASPACE = 0x01;
  private static final int LINK_INFO = 0x02;
  private static final int DATATYPE = 0x03;
  private static final int FILL_VALUE = 0x05;
  private static final int LINK = 0x06;
  private static final int LAYOUT = 0x08;
  private static final int GROUP_INFO = 0x0a;

  private final ByteArrayOutputStream objects = new ByteArrayOutputStream();

  private H5Writer() {}

  static void write(OutputStream out, H5Group root) throws IOException {
    H5Writer writer = new H5Writer();
    long rootAddress = writer.writeGroup(root);
    out.write(superblock(rootAddress, writer.end()));
    writer.objects.writeTo(out);
  }

  private long end() {
    return SUPERBLOCK_BYTES + (long) objects.size();
  }

  /** Writes the members, then the group; returns its address. */
  private long writeGroup(H5Group group) {
    Map<String, Long> members = new TreeMap<>();
    group.datasets().forEach((name, dataset) -> members.put(name, writeDataset(dataset)));
    group.groups().forEach((name, child) -> members.put(name, writeGroup(child)));
    Messages messages = new Messages();
    // version and flags 0; no heap and no index: links stand in this header
    messages.add(LINK_INFO, buffer(18).putShort((short) 0).putLong(UNDEFINED).putLong(UNDEFINED));
    messages.add(GROUP_INFO, buffer(2).putShort((short) 0));
    members.forEach((name, address) -> messages.add(LINK, link(name, address)));
    return writeHeader(messages);
  }

  private static ByteBuffer link(String name, long address) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer link = buffer(5 + bytes.length + 8);
    // version 1; a hard link, with its character set (UTF-8) and a name length of two bytes
    link.put((byte) 1).put((byte) 0x11).put((byte) 1).putShort((short) bytes.length);
    return link.put(bytes).putLong(address);
  }

  private long writeDataset(H5Group.Dataset dataset) {
    long size = dataset.data().limit();
    long dataAddress = size == 0 ? UNDEFINED : end();
    objects.writeBytes(bytes(dataset.data()));
    Messages messages = new Messages();
    messages.add(DATASPACE, dataspace(dataset.shape()));
    messages.add(DATATYPE, dataset.floats() ? float32() : int32());
    // version 3; allocated late, written if set, no value
    messages.add(FILL_VALUE, buffer(2).put((byte) 3).put((byte) 0x0a));
    // version 3; contiguous
    messages.add(LAYOUT, buffer(18).put((byte) 3).put((byte) 1).putLong(dataAddress).putLong(size));
    return writeHeader(messages);
  }

  private static ByteBuffer dataspace(List<Integer> shape) {
    // version 2; rank; no maximum; a simple space
    ByteBuffer space = buffer(4 + 8 * shape.size());
    space.put((byte) 2).put((byte) shape.size()).put((byte) 0).put((byte) 1);
    for (int size : shape) {
      space.putLong(size);
    }
    return space;
  }

  private static ByteBuffer int32() {
    // version 1 of class 0; signed, little-endian; 4 bytes; bits 0 to 31
    return buffer(12).putInt(0x00_00_08_10).putInt(4).putShort((short) 0).putShort((short) 32);
  }

  private static ByteBuffer float32() {
    // version 1 of class 1; implied leading bit, sign in bit 31, little-endian; 4 bytes; bits 0 to
    // 31; exponent of 8 bits from 23, mantissa of 23 from 0, bias 127
    ByteBuffer type = buffer(20);
    type.putInt(0x00_1f_20_11).putInt(4).putShort((short) 0).putShort((short) 32);
    return type.put((byte) 23).put((byte) 8).put((byte) 0).put((byte) 23).putInt(127);
  }

  private long writeHeader(Messages messages) {
    long address = end();
    byte[] body = messages.all.toByteArray();
    ByteBuffer header = buffer(4 + 2 + 4 + body.length + 4);
    header.put("OHDR".getBytes(StandardCharsets.US_ASCII));
    // version 2; the length of the messages has four bytes
    header.put((byte) 2).put((byte) 2).putInt(body.length).put(body);
    objects.writeBytes(closed(header));
    return address;
  }

  private static byte[] superblock(long rootAddress, long end) {
    ByteBuffer block = buffer(SUPERBLOCK_BYTES).put(SIGNATURE);
    // version 2; offsets and lengths of 8 bytes; no flags; base address 0; no extension
    block.put((byte) 2).put((byte) 8).put((byte) 8).put((byte) 0);
    block.putLong(0).putLong(UNDEFINED).putLong(end).putLong(rootAddress);
    return closed(block);
  }

  /** Ends a block with the checksum of what stands in it. */
  private static byte[] closed(ByteBuffer block) {
    byte[] bytes = bytes(block);
    int end = bytes.length - 4;
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(end, Lookup3.hash(bytes, end));
    return bytes;
  }

  /** Returns a copy of the whole buffer. */
  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The messages of one object header. */
  private static final class Messages {

    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    void add(int type, ByteBuffer body) {
      ByteBuffer head = buffer(4);
      head.put((byte) type).putShort((short) body.capacity()).put((byte) 0);
      all.writeBytes(bytes(head));
      all.writeBytes(bytes(body));
    }
  }
}
