package dev.mast3r.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import dev.mast3r.error.DeviceException;
import dev.mast3r.error.DeviceMemoryException;
import dev.mast3r.error.ErrorKind;
import dev.mast3r.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HalvedBatchTest {

  /** A network with memory for so many pairs at once; its answer is ten times the pair. */
  private static final class SmallDevice {
    private final int memory;
    private final List<Integer> calls = new ArrayList<>();

    SmallDevice(int memory) {
      this.memory = memory;
    }

    List<Integer> run(List<Integer> pairs) {
      calls.add(pairs.size());
      if (pairs.size() > memory) {
        throw new DeviceMemoryException("CUDA out of memory", new RuntimeException());
      }
      return pairs.stream().map(pair -> 10 * pair).toList();
    }
  }

  private static List<Integer> pairs(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void halvesUntilItFitsAndKeepsTheOrder() {
    SmallDevice device = new SmallDevice(3);

    List<Integer> results = new HalvedBatch<>(device::run).run(pairs(16));

    assertEquals(pairs(16).stream().map(pair -> 10 * pair).toList(), results);
    assertEquals(List.of(16, 8, 4, 2, 2, 2, 2, 2, 2, 2, 2), device.calls);
  }

  @Test
  void doesNotTryAgainWhatDidNotFit() {
    SmallDevice device = new SmallDevice(2);
    HalvedBatch<Integer, Integer> batch = new HalvedBatch<>(device::run);
    batch.run(pairs(4));
    device.calls.clear();

    batch.run(pairs(5));

    assertEquals(List.of(2, 2, 1), device.calls);
    assertEquals(2, batch.most());
  }

  @Test
  void takesAllAtOnceWhereThereIsRoom() {
    SmallDevice device = new SmallDevice(100);

    new HalvedBatch<>(device::run).run(pairs(7));

    assertEquals(List.of(7), device.calls);
  }

  @Test
  void failsWithExitCode8WhenNotEvenOneFits() {
    HalvedBatch<Integer, Integer> batch = new HalvedBatch<>(new SmallDevice(0)::run);

    DeviceMemoryException failure =
        assertThrows(DeviceMemoryException.class, () -> batch.run(pairs(4)));

    assertEquals(ErrorKind.DEVICE, failure.kind());
  }

  @Test
  void doesTheFirstAloneWhereAnotherIsAtFault() {
    HalvedBatch<Integer, Integer> batch =
        new HalvedBatch<>(
            numbers -> {
              if (numbers.contains(2)) {
                throw new InputException("2 is broken");
              }
              return numbers;
            });

    assertEquals(List.of(0), batch.run(List.of(0, 1, 2, 3)));
    assertEquals(List.of(1), batch.run(List.of(1, 2, 3)));
    assertThrows(InputException.class, () -> batch.run(List.of(2, 3)));
    assertEquals(List.of(3), batch.run(List.of(3)));
  }

  @Test
  void theEngineMayFailOutsideACallOfTheModuleToo() {
    DeviceException failure =
        assertThrows(
            DeviceException.class,
            () ->
                TorchEngine.telling(
                    "match",
                    () -> {
                      throw new EngineException("CUDA error: out of memory\nstack");
                    }));

    assertInstanceOf(DeviceMemoryException.class, failure);
    assertEquals("done", TorchEngine.telling("match", () -> "done"));
  }

  @Test
  void theEnginesWordsForWantOfMemoryAreKnown() {
    DeviceException gpu =
        TorchEngine.failure(
            "decoders",
            new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has...\nx"));
    DeviceException cpu =
        TorchEngine.failure(
            "encode",
            new EngineException(
                "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate"
                    + " memory: you tried to allocate 1 bytes"));
    DeviceException other = TorchEngine.failure("heads", new EngineException("no kernel image"));

    assertInstanceOf(DeviceMemoryException.class, gpu);
    assertTrue(gpu.getMessage().contains("'decoders': give a smaller --size"), gpu.getMessage());
    assertEquals(1, gpu.getMessage().lines().count());
    assertInstanceOf(DeviceMemoryException.class, cpu);
    assertEquals("the engine failed in heads: no kernel image", other.getMessage());
  }
}
