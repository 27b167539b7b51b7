package dev.mast3r.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductLibraryTest {

  /** Images, tokens, channels summed over, channels out: on both sides of every choice of code. */
  @ParameterizedTest
  @CsvSource({
    "1, 48, 96, 64, ENGINE",
    "1, 48, 96, 64, ONEDNN",
    "1, 37, 1023, 33, ONEDNN",
    "1, 37, 1024, 33, ONEDNN",
    "1, 768, 1030, 97, ONEDNN",
    "2, 48, 1536, 64, ONEDNN",
    "1, 2048, 1024, 511, ONEDNN",
    "1, 2048, 1024, 513, ONEDNN"
  })
  void multipliesTokensByWeights(
      int images, int tokens, int channels, int out, ProductLibrary library) {
    assumePresent(library);
    try (PtNDManager manager =
        (PtNDManager) TorchEngine.start().engine().newBaseManager(Device.cpu())) {
      float[] x = random(1, images * tokens * channels);
      float[] weight = random(2, out * channels);
      float[] bias = random(3, out);
      PtNDArray xs = (PtNDArray) manager.create(x, new Shape(images, tokens, channels));
      PtNDArray ws = (PtNDArray) manager.create(weight, new Shape(out, channels));
      PtNDArray bs = (PtNDArray) manager.create(bias);

      for (int threads = 1; threads <= 2; threads++) {
        float[] found = product(manager, library, threads, xs, ws, bs).toFloatArray();

        assertEquals(images * tokens * out, found.length);
        for (int at = 0; at < found.length; at += 7) {
          int row = at / out * channels;
          int column = at % out * channels;
          double expected = bias[at % out];
          for (int k = 0; k < channels; k++) {
            expected += (double) x[row + k] * weight[column + k];
          }
          assertEquals(expected, found[at], 1e-4 * Math.sqrt(channels), "value " + at);
        }
      }
    }
  }

  private static PtNDArray product(
      PtNDManager manager,
      ProductLibrary library,
      int threads,
      PtNDArray x,
      PtNDArray weight,
      PtNDArray bias) {
    try (TorchCall call = new TorchCall(library.load(manager, threads), "product")) {
      return call.with(x).with(weight).with(bias).run().toTensor(manager);
    }
  }

  /** So that an image can be parted by rows and still have the bytes that it has whole. */
  @ParameterizedTest
  @CsvSource({"768, 1024, 1024", "588, 4096, 1024", "1200, 384, 1536", "13, 64, 33"})
  void oneDnnGivesARowTheSameBytesBesideAnyOthersOnOneThread(int tokens, int channels, int out) {
    assumePresent(ProductLibrary.ONEDNN);
    try (PtNDManager manager =
            (PtNDManager) TorchEngine.start().engine().newBaseManager(Device.cpu());
        SideThreads threads = SideThreads.halving(2).orElseThrow()) {
      float[] x = random(1, tokens * channels);
      PtNDArray ws =
          (PtNDArray) manager.create(random(2, out * channels), new Shape(out, channels));
      PtNDArray bs = (PtNDArray) manager.create(random(3, out));

      float[] all = onOneThread(threads, manager, x, ws, bs);
      float[] half = onOneThread(threads, manager, Arrays.copyOf(x, tokens / 2 * channels), ws, bs);

      assertArrayEquals(Arrays.copyOf(all, half.length), half);
    }
  }

  private static float[] onOneThread(
      SideThreads threads, PtNDManager manager, float[] x, PtNDArray weight, PtNDArray bias) {
    long channels = weight.getShape().get(1);
    PtNDArray xs = (PtNDArray) manager.create(x, new Shape(1, x.length / channels, channels));
    return threads.runOne(
        () -> product(manager, ProductLibrary.ONEDNN, 1, xs, weight, bias).toFloatArray());
  }

  /** Skips the rest of a test of a library that the engine may lack: on x86-64 it must not. */
  static void assumePresent(ProductLibrary library) {
    assumeTrue(
        library == ProductLibrary.ENGINE
            || System.getProperty("os.arch").equals("amd64")
            || EngineInfo.probe().productSpeed().seconds().containsKey(library),
        "the engine is built without oneDNN");
  }

  private static float[] random(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }
}
