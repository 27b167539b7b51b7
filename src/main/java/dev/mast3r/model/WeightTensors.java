package dev.mast3r.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.mast3r.weights.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stored tensors to engine arrays: on a CPU, aligned fp32 and fp16 arrays lie in the mapped file
 * itself, so that the mapping must outlive the network.
 */
final class WeightTensors {

  private WeightTensors() {}

  static Map<String, PtNDArray> arrays(PtNDManager manager, Map<String, TensorData> tensors) {
    Map<String, PtNDArray> arrays = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> arrays.put(name, array(manager, tensor)));
    return arrays;
  }

  private static PtNDArray array(PtNDManager manager, TensorData tensor) {
    Shape shape = new Shape(tensor.info().shape());
    return switch (tensor.info().type()) {
      case FLOAT32 -> inPlace(manager, tensor, shape, DataType.FLOAT32);
      case FLOAT16 -> inPlace(manager, tensor, shape, DataType.FLOAT16);
      // the engine's binding aborts the process on arrays of bf16
      case BFLOAT16 -> widened(manager, tensor, shape);
      default -> throw new IllegalArgumentException("no weight: " + tensor.info());
    };
  }

  private static PtNDArray inPlace(
      PtNDManager manager, TensorData tensor, Shape shape, DataType type) {
    ByteBuffer data = tensor.data();
    if (data.alignmentOffset(0, type.getNumOfBytes()) == 0) {
      return manager.create(data, shape, type);
    }
    // rare: neither format promises that values start at a multiple of their size
    return copied(
        manager, ByteBuffer.allocateDirect(data.remaining()).put(data).flip(), shape, type);
  }

  private static PtNDArray widened(PtNDManager manager, TensorData tensor, Shape shape) {
    ShortBuffer values = tensor.data().asShortBuffer();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.multiplyExact(values.remaining(), Float.BYTES))
            .order(ByteOrder.nativeOrder());
    FloatBuffer wide = bytes.asFloatBuffer();
    while (values.hasRemaining()) {
      wide.put(Float.intBitsToFloat(values.get() << 16));
    }
    return copied(manager, bytes, shape, DataType.FLOAT32);
  }

  /** Copies into the engine's memory: Java's direct memory is limited and freed late. */
  private static PtNDArray copied(
      PtNDManager manager, ByteBuffer data, Shape shape, DataType type) {
    try (PtNDArray borrowed = manager.create(data, shape, type)) {
      return (PtNDArray) borrowed.duplicate();
    }
  }
}
