package dev.mast3r.weights;

import dev.mast3r.error.UsageException;
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

  /** Returns the smallest format that keeps every weight of a file as it is. */
  public static StoredPrecision keeping(WeightFile file) {
    boolean halves =
        file.tensors().values().stream()
            .map(tensor -> tensor.info().type())
            .filter(ElementType::isWeight)
            .allMatch(ElementType.FLOAT16::equals);
    return halves ? FP16 : FP32;
  }

  /**
   * Parses {@code fp32} or {@code fp16}.
   *
   * @throws UsageException if it is neither
   */
  public static StoredPrecision parse(String text) {
    for (StoredPrecision precision : values()) {
      if (precision.key().equals(text)) {
        return precision;
      }
    }
    throw new UsageException("expected fp32 or fp16, found '" + text + "'");
  }

  ElementType type() {
    return type;
  }

  /** Returns {@code fp32} or {@code fp16}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
