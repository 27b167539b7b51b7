package dev.mast3r.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/** How fast the engine multiplies large matrices here: what the network can hope for. */
public final class GemmSpeed {

  private static final int SIDE = 2048;
  private static final double OPERATIONS = 2.0 * SIDE * SIDE * SIDE;
  private static final int ATTEMPTS = 6;

  private GemmSpeed() {}

  /**
   * Measures the product of two square fp32 matrices of 2048 rows, the best of some attempts; on a
   * CPU the best library's.
   *
   * @return floating point operations a second
   * @throws dev.mast3r.error.DeviceException if the engine does not start or has no such device
   */
  public static double measure(EngineOptions options) {
    TorchEngine engine = TorchEngine.start();
    JniUtils.setNumThreads(options.threads());
    Device device = engine.device(options.device());
    try (PtNDManager manager = (PtNDManager) engine.engine().newBaseManager(device)) {
      if (!device.isGpu()) {
        double seconds = Double.POSITIVE_INFINITY;
        for (ProductLibrary library : ProductLibrary.values()) {
          seconds =
              Math.min(
                  seconds,
                  ProductSpeed.measure(manager, library, options.threads(), SIDE, SIDE, ATTEMPTS));
        }
        return OPERATIONS / seconds;
      }
      NDArray a = manager.ones(new Shape(SIDE, SIDE), DataType.FLOAT32);
      NDArray b = a.mul(0.5f);
      long best = Long.MAX_VALUE;
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long start = System.nanoTime();
        try (NDArray product = a.matMul(b);
            NDArray corner = product.get(0, 0)) {
          // a GPU is waited for when a value is asked for
          corner.getFloat();
        }
        best = Math.min(best, System.nanoTime() - start);
      }
      return OPERATIONS / (best / 1e9);
    }
  }
}
