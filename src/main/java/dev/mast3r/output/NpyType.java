package dev.mast3r.output;

import java.util.Optional;

/** The element types of NumPy arrays that are written and read here, little-endian. */
public enum NpyType {
  UINT8("|u1", 1),
  FLOAT32("<f4", 4),
  FLOAT64("<f8", 8);

  private final String descr;
  private final int bytes;

  NpyType(String descr, int bytes) {
    this.descr = descr;
    this.bytes = bytes;
  }

  /** Returns NumPy's own name of the type. */
  String descr() {
    return descr;
  }

  /** Returns the size of one element in bytes. */
  int bytes() {
    return bytes;
  }

  static Optional<NpyType> of(String descr) {
    for (NpyType type : values()) {
      if (type.descr.equals(descr)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
