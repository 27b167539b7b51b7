package dev.mast3r.model;

import dev.mast3r.error.UsageException;
import java.io.InputStream;
import java.util.Locale;

/**
 * Which library computes the network's matrix products in fp32 on a CPU. Their results differ by
 * rounding.
 */
public enum ProductLibrary {
  /** What the engine's own products call: MKL on x86-64. */
  ENGINE("network.pt"),
  /**
   * oneDNN, which the engine has for convolutions; uses AVX-512 on processors where MKL does not.
   */
  ONEDNN("network-onednn.pt");

  private final String code;

  ProductLibrary(String code) {
    this.code = code;
  }

  /**
   * Parses {@code engine} or {@code onednn}.
   *
   * @throws UsageException if it is neither
   */
  public static ProductLibrary parse(String text) {
    for (ProductLibrary library : values()) {
      if (library.key().equals(text)) {
        return library;
      }
    }
    throw new UsageException("expected engine or onednn, found '" + text + "'");
  }

  /** Returns the name that {@link #parse} takes. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the network's code with these products, an archive without weights. */
  InputStream openCode() {
    InputStream stream = ProductLibrary.class.getResourceAsStream(code);
    if (stream == null) {
      throw new IllegalStateException("the resource " + code + " is missing");
    }
    return stream;
  }
}
