package dev.mast3r.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import dev.mast3r.error.DeviceException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How fast each library multiplies fp32 matrices on this machine, with the number of threads that
 * the network gives an image.
 *
 * @param seconds of one product of {@link #ROWS} rows by {@link #SIDE} x {@link #SIDE} weights, the
 *     best of some; a library that the engine lacks is not in it
 */
public record ProductSpeed(Map<ProductLibrary, Double> seconds) {

  /** Rows of the product that is timed, as many as an image of 512 x 384 has tokens. */
  public static final int ROWS = 768;

  /** Rows and columns of its weights. */
  public static final int SIDE = 1024;

  private static final int ATTEMPTS = 3;

  /** By less it is chance. */
  private static final double CLEARLY_FASTER = 1.2;

  public ProductSpeed {
    seconds = Map.copyOf(seconds);
  }

  /** Measures every library that the engine has, as the network uses it. */
  static ProductSpeed measure(PtNDManager cpu, Optional<SideThreads> sides, int threads) {
    int ofProduct = SideThreads.ofProduct(sides, threads);
    Map<ProductLibrary, Double> seconds = new EnumMap<>(ProductLibrary.class);
    for (ProductLibrary library : ProductLibrary.values()) {
      Supplier<Double> once = () -> measure(cpu, library, ofProduct, ROWS, SIDE, ATTEMPTS);
      // with one half of the threads: the other half has the compiler's at the start
      seconds.put(library, sides.map(half -> half.runOne(once)).orElseGet(once));
    }
    seconds.values().removeIf(time -> time.isInfinite());
    return new ProductSpeed(seconds);
  }

  /** Returns what networks take unless they are told: oneDNN where the engine has it. */
  public ProductLibrary standard() {
    return seconds.containsKey(ProductLibrary.ONEDNN)
        ? ProductLibrary.ONEDNN
        : ProductLibrary.ENGINE;
  }

  /** Returns another library that is clearly faster on this machine. */
  public Optional<ProductLibrary> fasterThan(ProductLibrary library) {
    double its = seconds.getOrDefault(library, Double.POSITIVE_INFINITY);
    return seconds.keySet().stream()
        .filter(other -> CLEARLY_FASTER * seconds.get(other) < its)
        .min(Comparator.comparing(seconds::get));
  }

  /**
   * Measures one product of {@code rows} rows by {@code side} x {@code side} weights.
   *
   * @param threads of the engine, as the calling thread has set them
   * @return seconds, the best of the attempts; infinite if the engine lacks the library
   */
  static double measure(
      PtNDManager cpu, ProductLibrary library, int threads, int rows, int side, int attempts) {
    try (PtNDManager scope = (PtNDManager) cpu.newSubManager()) {
      PtSymbolBlock module = library.load(scope, threads);
      PtNDArray x = (PtNDArray) scope.ones(new Shape(rows, side), DataType.FLOAT32);
      PtNDArray weight = (PtNDArray) scope.ones(new Shape(side, side), DataType.FLOAT32);
      PtNDArray bias = (PtNDArray) scope.ones(new Shape(side), DataType.FLOAT32);
      long best = Long.MAX_VALUE;
      for (int attempt = 0; attempt <= attempts; attempt++) {
        try (TorchCall call = new TorchCall(module, "product")) {
          call.with(x).with(weight).with(bias);
          long start = System.nanoTime();
          call.run();
          // the first call compiles
          best = attempt == 0 ? best : Math.min(best, System.nanoTime() - start);
        }
      }
      return best / 1e9;
    } catch (DeviceException e) {
      return Double.POSITIVE_INFINITY;
    }
  }
}
