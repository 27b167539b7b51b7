package dev.mast3r.output;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** A dense array in C order of one of the {@link NpyType}s. Read-only. */
public final class NpyArray {

  private final NpyHeader header;
  private final ByteBuffer data;

  /** Takes ownership of {@code data}: the elements as they stand in a file, from 0 to the limit. */
  NpyArray(NpyHeader header, ByteBuffer data) {
    if (header.elements() * header.type().bytes() != data.limit()) {
      throw new IllegalArgumentException(
          "shape " + header.shapeText() + " does not fit " + data.limit() + " bytes");
    }
    this.header = header;
    this.data = data;
  }

  /**
   * Copies values into an array of the given shape.
   *
   * @throws IllegalArgumentException if the shape does not fit the number of values
   */
  public static NpyArray float32(float[] values, int... shape) {
    ByteBuffer data = allocate(values.length, NpyType.FLOAT32);
    data.asFloatBuffer().put(values);
    return new NpyArray(header(NpyType.FLOAT32, shape), data);
  }

  /** As {@link #float32}. */
  public static NpyArray float64(double[] values, int... shape) {
    ByteBuffer data = allocate(values.length, NpyType.FLOAT64);
    data.asDoubleBuffer().put(values);
    return new NpyArray(header(NpyType.FLOAT64, shape), data);
  }

  /** As {@link #float32}. */
  public static NpyArray uint8(byte[] values, int... shape) {
    return new NpyArray(header(NpyType.UINT8, shape), ByteBuffer.wrap(values.clone()));
  }

  public NpyType type() {
    return header.type();
  }

  public List<Integer> shape() {
    return header.shape();
  }

  NpyHeader header() {
    return header;
  }

  /** Returns a view of the elements as they stand in a file. */
  ByteBuffer data() {
    return data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN).rewind();
  }

  /** Returns a fresh copy of all elements; doubles are rounded to floats. */
  public float[] toFloats() {
    float[] values = new float[elements()];
    switch (type()) {
      case FLOAT32 -> data().asFloatBuffer().get(values);
      case FLOAT64 -> {
        double[] wide = toDoubles();
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) wide[i];
        }
      }
      case UINT8 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = data.get(i) & 0xff;
        }
      }
    }
    return values;
  }

  /** Returns a fresh copy of all elements. */
  public double[] toDoubles() {
    double[] values = new double[elements()];
    if (type() == NpyType.FLOAT64) {
      data().asDoubleBuffer().get(values);
    } else {
      float[] narrow = toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = narrow[i];
      }
    }
    return values;
  }

  /**
   * Returns a fresh copy of all bytes of an array of type {@code UINT8}.
   *
   * @throws IllegalStateException if the array is of another type
   */
  public byte[] toBytes() {
    if (type() != NpyType.UINT8) {
      throw new IllegalStateException("the array is of type " + type());
    }
    byte[] values = new byte[elements()];
    data().get(values);
    return values;
  }

  private int elements() {
    return Math.toIntExact(header.elements());
  }

  private static NpyHeader header(NpyType type, int... shape) {
    return new NpyHeader(type, Arrays.stream(shape).boxed().toList());
  }

  private static ByteBuffer allocate(int elements, NpyType type) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, type.bytes()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
