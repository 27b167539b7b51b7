package dev.mast3r.weights;

import java.util.Optional;

/** The number format of a tensor's elements; always little-endian in a file. */
public enum ElementType {
  /** IEEE 754 single precision. */
  FLOAT32("F32", "float32", 4),
  /** IEEE 754 half precision: 5 exponent bits, 10 fraction bits. */
  FLOAT16("F16", "float16", 2),
  /** The upper half of a single: 8 exponent bits, 7 fraction bits. */
  BFLOAT16("BF16", "bfloat16", 2),
  /** IEEE 754 double precision. */
  FLOAT64("F64", "float64", 8),
  INT64("I64", "int64", 8),
  INT32("I32", "int32", 4),
  INT16("I16", "int16", 2),
  INT8("I8", "int8", 1),
  UINT8("U8", "uint8", 1),
  BOOL("BOOL", "bool", 1);

  private final String safetensorsName;
  private final String label;
  private final int bytes;

  ElementType(String safetensorsName, String label, int bytes) {
    this.safetensorsName = safetensorsName;
    this.label = label;
    this.bytes = bytes;
  }

  static Optional<ElementType> ofSafetensors(String name) {
    for (ElementType type : values()) {
      if (type.safetensorsName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  String safetensorsName() {
    return safetensorsName;
  }

  /** Returns the size of one element. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether the network can take weights of this format. */
  public boolean isWeight() {
    return this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
  }

  /** Returns the usual name, as in {@code float32}. */
  @Override
  public String toString() {
    return label;
  }
}
