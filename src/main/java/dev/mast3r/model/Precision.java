package dev.mast3r.model;

import dev.mast3r.error.UsageException;
import java.util.Locale;

/**
 * The number format of the transformer's matrix products. Norms, positions, the residual stream and
 * the heads are computed in fp32 in any case.
 */
public enum Precision {
  /** fp32 on a CPU; on a GPU bf16, else fp16, by what it multiplies fast. */
  AUTO,
  FP32,
  /**
   * bf16, but for attention, whose products are in fp16, and the patch embedding, in fp32. 6 to 8
   * times slower than fp32 on a CPU without instructions for it.
   */
  BF16,
  /** fp16, but for the patch embedding; as slow on such a CPU; overflows above 65504. */
  FP16;

  /** The first compute capability with bf16 units, as major and minor digits. */
  private static final int FIRST_WITH_BF16 = 80;

  /** Those before have no matrix units; some of them are slower in fp16. */
  private static final int FIRST_WITH_FAST_FP16 = 70;

  /**
   * Parses {@code auto}, {@code fp32}, {@code bf16} or {@code fp16}.
   *
   * @throws UsageException if it is none of them
   */
  public static Precision parse(String text) {
    for (Precision precision : values()) {
      if (precision.key().equals(text)) {
        return precision;
      }
    }
    throw new UsageException("expected auto, fp32, bf16 or fp16, found '" + text + "'");
  }

  /**
   * Returns the best of a GPU.
   *
   * @param computeCapability as in 90 for 9.0
   */
  static Precision ofGpu(int computeCapability) {
    if (computeCapability >= FIRST_WITH_BF16) {
      return BF16;
    }
    return computeCapability >= FIRST_WITH_FAST_FP16 ? FP16 : FP32;
  }

  /** Returns the name that {@link #parse} takes. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
