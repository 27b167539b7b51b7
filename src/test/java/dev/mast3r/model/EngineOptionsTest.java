package dev.mast3r.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.error.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOptionsTest {

  @Test
  void takesTheBestDeviceAndAllCoresByDefault() {
    assertEquals(
        new EngineOptions(
            DeviceChoice.AUTO, Precision.AUTO, Runtime.getRuntime().availableProcessors()),
        EngineOptions.defaults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "cpu", "cuda", "cuda:0", "cuda:12"})
  void readsADeviceThatItWrites(String text) {
    assertEquals(text, DeviceChoice.parse(text).toString());
  }

  @Test
  void isEveryGpuIfNoneIsNumbered() {
    DeviceChoice first = DeviceChoice.parse("cuda:0");
    DeviceChoice all = DeviceChoice.parse("cuda");
    assertEquals(List.of(first, DeviceChoice.parse("cuda:1")), all.each(2));
    assertEquals(List.of(all), all.each(0));
    assertEquals(List.of(first), first.each(2));
    assertEquals(List.of(DeviceChoice.AUTO), DeviceChoice.AUTO.each(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cuda:", "cuda:-1", "cuda:1000", "CPU"})
  void refusesOtherDevices(String text) {
    assertThrows(UsageException.class, () -> DeviceChoice.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "fp32", "bf16", "fp16"})
  void readsAPrecisionThatItWrites(String text) {
    assertEquals(text, Precision.parse(text).key());
  }

  @ParameterizedTest
  @CsvSource({"61, FP32", "70, FP16", "75, FP16", "80, BF16", "90, BF16", "120, BF16"})
  void isTheBestOfAGpu(int computeCapability, Precision best) {
    assertEquals(best, Precision.ofGpu(computeCapability));
  }

  @Test
  void refusesOtherPrecisions() {
    UsageException failure = assertThrows(UsageException.class, () -> Precision.parse("float32"));

    assertEquals("expected auto, fp32, bf16 or fp16, found 'float32'", failure.getMessage());
  }

  @Test
  void refusesToRunWithoutThreads() {
    assertThrows(
        UsageException.class, () -> new EngineOptions(DeviceChoice.CPU, Precision.FP32, 0));
  }
}
