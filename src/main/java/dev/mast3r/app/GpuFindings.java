package dev.mast3r.app;

import dev.mast3r.app.Diagnose.Finding;
import dev.mast3r.app.Diagnose.State;
import dev.mast3r.model.EngineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is there of a GPU and of what it takes to use one, one line each, or what to do for it. */
final class GpuFindings {

  private static final Path DRIVER_VERSION = Path.of("/proc/driver/nvidia/version");
  private static final Pattern VERSION = Pattern.compile("\\d{3,}\\.\\d+(\\.\\d+)*");

  /** The driver's library where a system has no such file: WSL, Windows. */
  private static final List<Path> DRIVER_LIBRARIES =
      List.of(Path.of("/usr/lib/wsl/lib/libcuda.so.1"), Path.of("C:/Windows/System32/nvcuda.dll"));

  private static final double GIB = 1L << 30;

  private GpuFindings() {}

  /** Returns the version of NVIDIA's driver, if it is there. */
  static Optional<String> driver() {
    try {
      Matcher version = VERSION.matcher(Files.readString(DRIVER_VERSION));
      return Optional.of(version.find() ? version.group() : "of unknown version");
    } catch (IOException e) {
      // no such file: no driver, or another system
      return DRIVER_LIBRARIES.stream().filter(Files::exists).findFirst().map(Path::toString);
    }
  }

  /**
   * Tells of driver, library, and GPUs with their memory.
   *
   * @param driver its version, if it is there
   * @param cuda whether the engine's native library can use GPUs
   * @param gpus that the engine sees
   */
  static List<Finding> of(Optional<String> driver, boolean cuda, List<EngineInfo.Gpu> gpus) {
    if (driver.isEmpty()) {
      return List.of(
          cuda
              ? new Finding(
                  "gpu driver",
                  State.MISSING,
                  "the engine's library is for CUDA, but no NVIDIA driver is loaded: install 525 or"
                      + " newer")
              : new Finding(
                  "gpu driver",
                  State.NONE,
                  "no NVIDIA driver is loaded: the network runs on the CPU"));
    }
    Finding found = new Finding("gpu driver", State.FOUND, driver.get());
    if (!cuda) {
      return List.of(
          found,
          new Finding(
              "gpu library",
              State.NONE,
              "the engine's library is for CPUs alone: set PYTORCH_LIBRARY_PATH to the lib folder"
                  + " of libtorch 2.7.1 for CUDA 12.8 to use the GPU"));
    }
    if (gpus.isEmpty()) {
      return List.of(
          found,
          new Finding(
              "gpu",
              State.MISSING,
              "the engine sees none: put the folder of libcudart.so.12 on LD_LIBRARY_PATH, and see"
                  + " that CUDA_VISIBLE_DEVICES does not hide it"));
    }
    return Stream.concat(Stream.of(found), gpus.stream().map(GpuFindings::gpu)).toList();
  }

  private static Finding gpu(EngineInfo.Gpu gpu) {
    return new Finding(
        "gpu " + gpu.device(),
        State.FOUND,
        String.format(
            Locale.ROOT,
            "compute capability %s, %.1f of %.1f GiB free; auto precision is %s",
            gpu.computeCapability(),
            (gpu.totalBytes() - gpu.usedBytes()) / GIB,
            gpu.totalBytes() / GIB,
            gpu.precision().key()));
  }
}
