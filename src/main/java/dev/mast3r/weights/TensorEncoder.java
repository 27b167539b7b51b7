package dev.mast3r.weights;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes tensors in one number format, little-endian, a block at a time. */
public final class TensorEncoder {

  private static final int BLOCK_VALUES = 1 << 16;

  private final ElementType type;

  public TensorEncoder(StoredPrecision precision) {
    this.type = precision.type();
  }

  /**
   * Writes the values of a tensor of a weight's format.
   *
   * @param out is left open
   * @throws ModelException if a value is too large for the precision
   */
  public void write(TensorData tensor, OutputStream out) throws IOException {
    ByteBuffer values = tensor.data();
    ByteBuffer block =
        ByteBuffer.allocate(BLOCK_VALUES * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      block.clear();
      if (tensor.info().type() == type) {
        int count = Math.min(values.remaining(), block.remaining());
        block.put(values.slice(values.position(), count));
        values.position(values.position() + count);
      } else {
        while (values.hasRemaining() && block.hasRemaining()) {
          put(next(values, tensor.info().type()), tensor, block);
        }
      }
      out.write(block.array(), 0, block.position());
    }
  }

  private static float next(ByteBuffer values, ElementType stored) {
    return switch (stored) {
      case FLOAT32 -> values.getFloat();
      case FLOAT16 -> HalfFloat.toFloat(values.getShort());
      case BFLOAT16 -> Float.intBitsToFloat(values.getShort() << 16);
      default -> throw new IllegalArgumentException("no weight: " + stored);
    };
  }

  private void put(float value, TensorData tensor, ByteBuffer block) {
    if (type == ElementType.FLOAT32) {
      block.putFloat(value);
      return;
    }
    short half = HalfFloat.fromFloat(value);
    if (Float.isFinite(value) && !Float.isFinite(HalfFloat.toFloat(half))) {
      throw new ModelException(
          "tensor " + Quoted.of(tensor.info().name()) + " has " + value + ", too large for fp16");
    }
    block.putShort(half);
  }
}
