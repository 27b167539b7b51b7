package dev.mast3r.model;

import dev.mast3r.error.UsageException;

/**
 * How the engine is to run the network.
 *
 * @param device where
 * @param precision of the matrix products
 * @param threads of the engine on a CPU, at least 1; the last network opened decides for the whole
 *     process
 */
public record EngineOptions(DeviceChoice device, Precision precision, int threads) {

  /**
   * @throws UsageException if there is no thread
   */
  public EngineOptions {
    if (threads < 1) {
      throw new UsageException("expected at least 1 thread, found " + threads);
    }
  }

  /** Returns the best device, its best precision, all cores. */
  public static EngineOptions defaults() {
    return new EngineOptions(
        DeviceChoice.AUTO, Precision.AUTO, Runtime.getRuntime().availableProcessors());
  }
}
