package dev.mast3r.model;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.Platform;
import dev.mast3r.error.DeviceException;
import java.util.ArrayList;
import java.util.List;

/**
 * What engine was found on this machine, for diagnosis.
 *
 * @param name of the engine, as in PyTorch
 * @param version of its native library
 * @param flavour of the native library, as in {@code cpu} or {@code cu128}
 * @param platform that the native library is for, as in {@code linux-x86_64}
 * @param libraryFolder where the native library was unpacked
 * @param threads that the engine uses on a CPU
 * @param devices that the network can run on, the default one first
 * @param precision of the default device
 */
public record EngineInfo(
    String name,
    String version,
    String flavour,
    String platform,
    String libraryFolder,
    int threads,
    List<DeviceChoice> devices,
    Precision precision) {

  public EngineInfo {
    devices = List.copyOf(devices);
  }

  /**
   * Starts the engine and asks it.
   *
   * @throws DeviceException if it does not start; the message says what to do
   */
  public static EngineInfo probe() {
    TorchEngine engine = TorchEngine.start();
    List<DeviceChoice> devices = new ArrayList<>();
    for (int gpu = 0; gpu < engine.engine().getGpuCount(); gpu++) {
      devices.add(new DeviceChoice(DeviceChoice.Kind.CUDA, gpu));
    }
    devices.add(DeviceChoice.CPU);
    Device device = engine.device(DeviceChoice.AUTO);
    Platform platform = Platform.detectPlatform("pytorch");
    return new EngineInfo(
        engine.engine().getEngineName(),
        engine.engine().getVersion(),
        platform.getFlavor(),
        platform.getClassifier(),
        LibUtils.getLibtorchPath(),
        JniUtils.getNumThreads(),
        devices,
        TorchEngine.precision(Precision.AUTO, device));
  }
}
