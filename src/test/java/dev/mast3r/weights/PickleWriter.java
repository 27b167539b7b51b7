package dev.mast3r.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles opcode by opcode, as Python does and as it never would. */
final class PickleWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter() {
    op(0x80).op(2);
  }

  PickleWriter op(int opcode) {
    out.write(opcode);
    return this;
  }

  PickleWriter op(char opcode) {
    return op((int) opcode);
  }

  PickleWriter raw(String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  PickleWriter global(String module, String name) {
    return raw("c" + module + "\n" + name + "\n");
  }

  PickleWriter text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    op('X').int32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter integer(long value) {
    return op(0x8a).op(Long.BYTES).little(Long.BYTES, value);
  }

  PickleWriter int32(long value) {
    return little(Integer.BYTES, value);
  }

  private PickleWriter little(int bytes, long value) {
    byte[] all =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(all, 0, bytes);
    return this;
  }

  PickleWriter integers(long... values) {
    op('(');
    for (long value : values) {
      integer(value);
    }
    return op('t');
  }

  /** The persistent identifier of a storage. */
  PickleWriter storage(String type, String key, long elements) {
    return op('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .integer(elements)
        .raw("tQ");
  }

  /** A tensor over the storage that {@code storage} writes. */
  PickleWriter tensor(Runnable storage, long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op('(');
    storage.run();
    return integer(offset).integers(shape).integers(strides).op(0x89).orderedDict().raw("tR");
  }

  PickleWriter orderedDict() {
    return global("collections", "OrderedDict").raw(")R");
  }

  byte[] stop() {
    op('.');
    return out.toByteArray();
  }
}
