package dev.mast3r.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.util.Platform;
import ai.djl.util.cuda.CudaUtils;
import dev.mast3r.error.DeviceException;
import dev.mast3r.error.DeviceMemoryException;
import java.util.Locale;
import java.util.function.Supplier;

/** The PyTorch engine of this process: started once, asked for its devices. */
final class TorchEngine {

  private static final String NAME = "PyTorch";

  private final Engine engine;

  private TorchEngine(Engine engine) {
    this.engine = engine;
  }

  /**
   * Starts the engine if no one has yet.
   *
   * @throws DeviceException if its native library is missing, of another platform or broken
   */
  static TorchEngine start() {
    // else the engine's binding would look for missing libraries in the network, and report its use
    System.setProperty("ai.djl.offline", "true");
    try {
      return new TorchEngine(Engine.getEngine(NAME));
    } catch (EngineException | IllegalArgumentException | IllegalStateException | LinkageError e) {
      throw new DeviceException(advice(e), e);
    }
  }

  private static String advice(Throwable failure) {
    if (Platform.detectPlatform("pytorch").isPlaceholder()) {
      return "no native library of PyTorch for "
          + System.getProperty("os.name")
          + " on "
          + System.getProperty("os.arch")
          + ": put ai.djl.pytorch:pytorch-native-cpu of this platform on the class path";
    }
    return "the PyTorch engine does not start ("
        + firstLine(failure)
        + ": "
        + rootCause(failure)
        + "): its native library is unpacked into the folder DJL_CACHE_DIR, which must be writable"
        + " and have 500 MB free";
  }

  private static String rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return firstLine(cause);
  }

  /** Returns the first line of a message; the engine's go on with a native stack. */
  static String firstLine(Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return message.lines().filter(line -> !line.isBlank()).findFirst().orElse("no message").strip();
  }

  /**
   * Does work of which the engine may fail in every step: copies to a device and from it, too.
   *
   * @throws DeviceMemoryException if the device has not the memory
   * @throws DeviceException if the engine fails otherwise
   */
  static <T> T telling(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (EngineException e) {
      throw failure(what, e);
    }
  }

  /** Tells of a failed call of the module. */
  static DeviceException failure(String method, EngineException e) {
    String line = firstLine(e);
    // both the CPU's and the GPU's allocator say so, in words of their own
    String words = line.toLowerCase(Locale.ROOT);
    if (words.contains("out of memory") || words.contains("can't allocate memory")) {
      return new DeviceMemoryException(
          "not enough memory on the device for '"
              + method
              + "': give a smaller --size, or another --device ("
              + line
              + ")",
          e);
    }
    return new DeviceException("the engine failed in " + method + ": " + line, e);
  }

  Engine engine() {
    return engine;
  }

  /**
   * Returns the device that a choice means on this machine.
   *
   * @throws DeviceException if a GPU was asked for by name that the engine does not have
   */
  Device device(DeviceChoice choice) {
    int gpus = engine.getGpuCount();
    return switch (choice.kind()) {
      case CPU -> Device.cpu();
      case AUTO -> gpus > 0 ? Device.gpu(0) : Device.cpu();
      case CUDA, ALL_CUDA -> {
        if (choice.index() >= gpus) {
          throw new DeviceException(
              "no device "
                  + choice
                  + ": the engine sees "
                  + (gpus == 0 ? "no GPU" : gpus + " of them")
                  + (engine.hasCapability("CUDA")
                      ? ""
                      : ", as the native library on the class path is for CPUs alone"));
        }
        yield Device.gpu(choice.index());
      }
    };
  }

  /** Returns the precision that a choice means on a device. */
  static Precision precision(Precision choice, Device device) {
    if (choice != Precision.AUTO) {
      return choice;
    }
    if (!device.isGpu()) {
      return Precision.FP32;
    }
    return Precision.ofGpu(Integer.parseInt(CudaUtils.getComputeCapability(device.getDeviceId())));
  }
}
