package dev.mast3r.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.app.Diagnose.Finding;
import dev.mast3r.app.Diagnose.State;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.EngineInfo;
import dev.mast3r.model.Precision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpuFindingsTest {

  private static final Optional<String> DRIVER = Optional.of("570.86.15");

  private static void assertTells(State state, String part, Finding finding) {
    assertEquals(state, finding.state(), finding.text());
    assertTrue(finding.text().contains(part), finding.text());
    assertEquals(1, finding.text().lines().count());
  }

  @Test
  void aMachineWithoutAGpuLacksNothing() {
    List<Finding> findings = GpuFindings.of(Optional.empty(), false, List.of());

    assertEquals(1, findings.size());
    assertTells(State.NONE, "runs on the CPU", findings.get(0));
  }

  @Test
  void aLibraryForCudaWithoutADriverLacksTheDriver() {
    List<Finding> findings = GpuFindings.of(Optional.empty(), true, List.of());

    assertTells(State.MISSING, "no NVIDIA driver", findings.get(0));
  }

  @Test
  void aDriverWithALibraryForCpusIsToldTheStep() {
    List<Finding> findings = GpuFindings.of(DRIVER, false, List.of());

    assertTells(State.FOUND, "570.86.15", findings.get(0));
    assertTells(State.NONE, "PYTORCH_LIBRARY_PATH", findings.get(1));
  }

  @Test
  void aLibraryThatSeesNoGpuIsToldOfTheRuntime() {
    List<Finding> findings = GpuFindings.of(DRIVER, true, List.of());

    assertTells(State.MISSING, "libcudart.so.12", findings.get(1));
  }

  @Test
  void everyGpuIsToldWithItsMemory() {
    EngineInfo.Gpu gpu =
        new EngineInfo.Gpu(
            new DeviceChoice(DeviceChoice.Kind.CUDA, 1), "90", 3L << 30, 80L << 30, Precision.BF16);

    List<Finding> findings = GpuFindings.of(DRIVER, true, List.of(gpu, gpu));

    assertEquals(3, findings.size());
    assertEquals("gpu cuda:1", findings.get(2).subject());
    assertTells(State.FOUND, "77.0 of 80.0 GiB free; auto precision is bf16", findings.get(2));
  }
}
