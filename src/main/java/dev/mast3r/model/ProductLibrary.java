package dev.mast3r.model;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import dev.mast3r.error.DeviceException;
import dev.mast3r.error.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * Which library computes the network's matrix products in fp32 on a CPU. Their results differ by
 * rounding.
 */
public enum ProductLibrary {
  /** What the engine's own products call: MKL on x86-64. */
  ENGINE("network.pt", "network.pt"),
  /**
   * oneDNN, which the engine has for convolutions; uses AVX-512 on processors where MKL does not.
   */
  ONEDNN("network-onednn.pt", "network-onednn-1.pt");

  private final String code;
  private final String codeForOneThread;

  ProductLibrary(String code, String codeForOneThread) {
    this.code = code;
    this.codeForOneThread = codeForOneThread;
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

  /**
   * Loads the network's code with these products, without weights.
   *
   * @param threads of a product: what is fastest on one may round otherwise on each number of more
   * @throws DeviceException if the engine is built without the library
   */
  PtSymbolBlock load(PtNDManager manager, int threads) {
    try (InputStream archive = open(threads == 1 ? codeForOneThread : code)) {
      return JniUtils.loadModule(manager, archive, false, false);
    } catch (EngineException e) {
      throw new DeviceException(
          "this engine has no products by " + key() + ": " + TorchEngine.firstLine(e), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns whether a row of a product, with so many threads, has the same bytes beside any other
   * rows.
   */
  boolean partsByRows(int threads) {
    return this == ONEDNN && threads == 1;
  }

  /** Returns the archive of the code for any number of threads. */
  InputStream openCode() {
    return open(code);
  }

  private static InputStream open(String code) {
    InputStream stream = ProductLibrary.class.getResourceAsStream(code);
    if (stream == null) {
      throw new IllegalStateException("the resource " + code + " is missing");
    }
    return stream;
  }
}
