package dev.mast3r.weights;

import dev.mast3r.error.ModelException;
import java.util.List;

/**
 * What a weight file says of one tensor, row-major and contiguous.
 *
 * @param name the checkpoint's name, as in {@code enc_blocks.0.attn.qkv.weight}
 * @param type of the elements
 * @param shape the sizes, outermost first; empty for a single number
 */
public record TensorInfo(String name, ElementType type, List<Long> shape) {

  /**
   * @throws ModelException if a size is negative or the tensor has more than 2^31 - 1 bytes, which
   *     no mapping can hold
   */
  public TensorInfo {
    shape = List.copyOf(shape);
    long bytes = type.bytes();
    boolean empty = shape.contains(0L);
    for (long size : shape) {
      if (size < 0) {
        throw new ModelException("tensor " + Quoted.of(name) + " has a negative size: " + shape);
      }
      if (!empty) {
        if (size > Integer.MAX_VALUE / bytes) {
          throw new ModelException(
              "tensor " + Quoted.of(name) + " of shape " + shape + " is larger than 2 GiB");
        }
        bytes *= size;
      }
    }
  }

  /** Returns the number of elements. */
  public long elements() {
    long product = 1;
    for (long size : shape) {
      product = size == 0 ? 0 : product * size;
      if (product == 0) {
        return 0;
      }
    }
    return product;
  }

  /** Returns the size of the data, at most 2^31 - 1. */
  public int byteCount() {
    return Math.toIntExact(elements() * type.bytes());
  }
}
