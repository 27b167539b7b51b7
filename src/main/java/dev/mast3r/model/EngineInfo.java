package dev.mast3r.model;

import ai.djl.Device;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.Platform;
import ai.djl.util.cuda.CudaUtils;
import dev.mast3r.error.DeviceException;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What engine was found on this machine, for diagnosis.
 *
 * @param name of the engine, as in PyTorch
 * @param version of its native library
 * @param cuda whether the native library can use GPUs
 * @param platform that the native library is for, as in {@code linux-x86_64}
 * @param libraryFolder where the native library was unpacked
 * @param threads that the engine uses on a CPU
 * @param devices that the network can run on, the default one first
 * @param gpus what is known of those among the devices that are GPUs
 * @param precision of the default device
 * @param productSpeed of the libraries for products in fp32 on a CPU
 */
public record EngineInfo(
    String name,
    String version,
    boolean cuda,
    String platform,
    String libraryFolder,
    int threads,
    List<DeviceChoice> devices,
    List<Gpu> gpus,
    Precision precision,
    ProductSpeed productSpeed) {

  /**
   * A GPU that the engine sees.
   *
   * @param computeCapability as in {@code 90}
   * @param usedBytes of its memory, by whatever process
   * @param totalBytes of its memory
   */
  public record Gpu(
      DeviceChoice device,
      String computeCapability,
      long usedBytes,
      long totalBytes,
      Precision precision) {}

  public EngineInfo {
    devices = List.copyOf(devices);
    gpus = List.copyOf(gpus);
  }

  /**
   * Returns the devices that a list of pairs is spread over: every GPU, if the choice is all of
   * them, else the choice itself.
   *
   * @throws DeviceException if the engine has to be asked and does not start
   */
  public static List<DeviceChoice> devices(DeviceChoice choice) {
    return choice.kind() == DeviceChoice.Kind.ALL_CUDA
        ? choice.each(TorchEngine.start().engine().getGpuCount())
        : List.of(choice);
  }

  /**
   * Starts the engine and asks it.
   *
   * @throws DeviceException if it does not start; the message says what to do
   */
  public static EngineInfo probe() {
    TorchEngine engine = TorchEngine.start();
    List<Gpu> gpus = new ArrayList<>();
    for (int gpu = 0; gpu < engine.engine().getGpuCount(); gpu++) {
      gpus.add(gpu(gpu));
    }
    List<DeviceChoice> devices = new ArrayList<>(gpus.stream().map(Gpu::device).toList());
    devices.add(DeviceChoice.CPU);
    Device device = engine.device(DeviceChoice.AUTO);
    Platform platform = Platform.detectPlatform("pytorch");
    ProductSpeed productSpeed;
    int threads = JniUtils.getNumThreads();
    Optional<SideThreads> sides = SideThreads.halving(threads);
    try (PtNDManager cpu = (PtNDManager) engine.engine().newBaseManager(Device.cpu())) {
      productSpeed = ProductSpeed.measure(cpu, sides, threads);
    } finally {
      sides.ifPresent(SideThreads::close);
    }
    return new EngineInfo(
        engine.engine().getEngineName(),
        engine.engine().getVersion(),
        engine.engine().hasCapability(StandardCapabilities.CUDA),
        platform.getClassifier(),
        LibUtils.getLibtorchPath(),
        JniUtils.getNumThreads(),
        devices,
        gpus,
        TorchEngine.precision(Precision.AUTO, device),
        productSpeed);
  }

  private static Gpu gpu(int index) {
    MemoryUsage memory = CudaUtils.getGpuMemory(Device.gpu(index));
    return new Gpu(
        new DeviceChoice(DeviceChoice.Kind.CUDA, index),
        CudaUtils.getComputeCapability(index),
        memory.getUsed(),
        memory.getMax(),
        TorchEngine.precision(Precision.AUTO, Device.gpu(index)));
  }
}
