package dev.mast3r.weights;

import java.util.Locale;

/** The number format in which weights are written. */
public enum StoredPrecision {
  /** As official files; used in place on a CPU. */
  FP32(ElementType.FLOAT32),
  /** Half the size; widened when it is loaded. */
  FP16(ElementType.FLOAT16);

  private final ElementType type;

  StoredPrecision(ElementType type) {
    this.type = type;
  }

  ElementType type() {
    return type;
  }

  /** Returns {@code fp32} or {@code fp16}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
