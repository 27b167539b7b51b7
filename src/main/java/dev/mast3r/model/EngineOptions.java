package dev.mast3r.model;

import dev.mast3r.error.UsageException;
import java.util.Optional;

/**
 * How the engine is to run the network.
 *
 * @param device where
 * @param precision of the matrix products
 * @param threads of the engine on a CPU, at least 1; the last network opened decides for the whole
 *     process
 * @param products the library for fp32 on a CPU; empty: the one that a short measurement finds
 *     faster
 */
public record EngineOptions(
    DeviceChoice device, Precision precision, int threads, Optional<ProductLibrary> products) {

  /**
   * @throws UsageException if there is no thread
   */
  public EngineOptions {
    if (threads < 1) {
      throw new UsageException("expected at least 1 thread, found " + threads);
    }
  }

  /** Leaves the library of the products to a measurement. */
  public EngineOptions(DeviceChoice device, Precision precision, int threads) {
    this(device, precision, threads, Optional.empty());
  }

  /** Returns the best device, its best precision, all cores. */
  public static EngineOptions defaults() {
    return new EngineOptions(
        DeviceChoice.AUTO, Precision.AUTO, Runtime.getRuntime().availableProcessors());
  }
}
