package dev.mast3r.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor of a weight file. The data is a read-only view of the mapped file, never a copy; the
 * mapping lives as long as this value is referenced.
 *
 * <p>The file must not be truncated meanwhile: reading a mapping past the end of its file kills the
 * process.
 */
public final class TensorData {

  private final TensorInfo info;
  private final ByteBuffer data;
  private final long position;

  /**
   * @param position where in its file the data begins
   */
  TensorData(TensorInfo info, ByteBuffer data, long position) {
    if (data.remaining() != info.byteCount() || !data.isReadOnly()) {
      throw new IllegalArgumentException(
          info + " needs " + info.byteCount() + " read-only bytes, found " + data);
    }
    this.info = info;
    this.data = data.slice();
    this.position = position;
  }

  public TensorInfo info() {
    return info;
  }

  /** Returns a fresh little-endian view of the data, from its first byte to its last. */
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns where in its file the data begins; equal for two names of one tensor. */
  long position() {
    return position;
  }

  /** Returns the same data under another name. */
  TensorData renamed(String name) {
    return new TensorData(new TensorInfo(name, info.type(), info.shape()), data, position);
  }
}
