package dev.mast3r.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.mast3r.dense.PairMaps;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.DeviceException;
import dev.mast3r.image.ResizePlan;
import dev.mast3r.image.ResizeRule;
import dev.mast3r.image.RgbImage;
import dev.mast3r.image.SquareRule;
import dev.mast3r.match.FastReciprocalMatcher;
import dev.mast3r.match.KernelChoice;
import dev.mast3r.match.PixelMask;
import dev.mast3r.match.PixelMatches;
import dev.mast3r.match.ScoredMatches;
import dev.mast3r.match.SeedImages;
import dev.mast3r.weights.WeightFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairNetworkTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void multipliesByOneDnnUnlessToldOtherwise(int threads) {
    ProductLibraryTest.assumePresent(ProductLibrary.ONEDNN);
    EngineOptions options =
        new EngineOptions(DeviceChoice.CPU, Precision.AUTO, threads, Optional.empty());

    try (PairNetwork network =
        PairNetwork.open(GoldenNetwork.read("catmlp-linear").weights(), options)) {
      assertEquals(ProductLibrary.ONEDNN, network.products());
    }
  }

  /**
   * fp32 rounds at 6e-8; all layers together and the exponential activations reach 2e-5 in the
   * largest values. A wrong epsilon, axis order or activation deviates by 1e-3 or more.
   */
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @CsvSource({
    "catmlp-dpt, ENGINE, 1",
    "catmlp-linear, ENGINE, 1",
    "catmlp-dpt, ONEDNN, 1",
    "catmlp-linear, ONEDNN, 1",
    "catmlp-dpt, ENGINE, 2",
    "catmlp-linear, ENGINE, 2",
    "catmlp-dpt, ONEDNN, 2",
    "catmlp-linear, ONEDNN, 2",
    "catmlp-dpt, ENGINE, 3"
  })
  void agreesWithTheReferenceStageByStage(String name, ProductLibrary products, int threads) {
    ProductLibraryTest.assumePresent(products);
    EngineOptions options =
        new EngineOptions(DeviceChoice.CPU, Precision.FP32, threads, Optional.of(products));
    GoldenNetwork golden = GoldenNetwork.read(name);
    try (PairNetwork network = PairNetwork.open(golden.weights(), options)) {
      List<EncodedImage> images = network.encode(List.of(golden.imageA(), golden.imageB()));
      EncodedImage a = images.get(0);
      EncodedImage b = images.get(1);
      assertEquals(products, network.products());
      assertClose(golden, "features_a", a.features().toFloatArray());
      assertClose(golden, "features_b", b.features().toFloatArray());

      PairMaps maps = network.decode(a, b, Wanted.ALL);

      assertClose(golden, "_a", maps.a());
      assertClose(golden, "_b", maps.b());
    }
  }

  private static void assertClose(GoldenNetwork golden, String side, ViewMaps maps) {
    assertClose(golden, "points" + side, maps.points().orElseThrow().toArray());
    assertClose(golden, "point_confidence" + side, maps.pointConfidence().orElseThrow().toArray());
    assertClose(golden, "descriptors" + side, maps.descriptors().orElseThrow().toArray());
    assertClose(
        golden,
        "descriptor_confidence" + side,
        maps.descriptorConfidence().orElseThrow().toArray());
  }

  private static void assertClose(GoldenNetwork golden, String stage, float[] actual) {
    float[] expected = golden.expected().floats(stage);
    assertEquals(expected.length, actual.length, stage);
    double squares = 0;
    for (float value : expected) {
      squares += (double) value * value;
    }
    double rms = Math.sqrt(squares / expected.length);
    for (int i = 0; i < expected.length; i++) {
      double allowed = TOLERANCE * (Math.abs(expected[i]) + rms);
      assertEquals(expected[i], actual[i], allowed, stage + "[" + i + "]");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void encodesImagesTogetherAsOneByOne(int threads) {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    List<RgbImage> images =
        List.of(golden.imageA(), golden.imageB(), golden.imageB(), golden.imageA(), noise(golden));
    try (PairNetwork network = PairNetwork.open(golden.weights(), options(threads))) {
      List<EncodedImage> together = network.encode(images);

      assertEquals(images.size(), together.size());
      for (int i = 0; i < images.size(); i++) {
        try (EncodedImage alone = network.encode(images.get(i))) {
          assertEquals(images.get(i).width(), together.get(i).width());
          assertEquals(images.get(i).height(), together.get(i).height());
          assertArrayEquals(
              alone.features().toFloatArray(), together.get(i).features().toFloatArray(), 1e-4f);
        }
      }
    }
  }

  /** Rows and heads are shared out between two threads, or are too few for that. */
  @ParameterizedTest
  @CsvSource({"64, 48", "80, 16", "64, 16", "48, 16", "32, 16", "16, 16"})
  void encodesAnImageAloneToTheBytesThatItHasBesideAnother(int width, int height) {
    ProductLibraryTest.assumePresent(ProductLibrary.ONEDNN);
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    byte[] pixels = new byte[width * height * 3];
    new SplittableRandom(4).nextBytes(pixels);
    RgbImage image = new RgbImage(width, height, pixels);
    EngineOptions options =
        new EngineOptions(DeviceChoice.CPU, Precision.FP32, 2, Optional.of(ProductLibrary.ONEDNN));
    try (PairNetwork network = PairNetwork.open(golden.weights(), options)) {
      int owned = network.ownedValues();
      List<EncodedImage> both = network.encode(List.of(image, golden.imageB()));
      float[] beside = both.get(0).features().toFloatArray();
      both.forEach(EncodedImage::close);
      try (EncodedImage alone = network.encode(image)) {
        assertArrayEquals(beside, alone.features().toFloatArray());
        assertEquals(owned + 1, network.ownedValues());
      }
    }
  }

  @Test
  @Timeout(60)
  void failsOnBothSidesIfOneFails() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    try (PairNetwork network = PairNetwork.open(golden.weights(), options(2));
        PtNDManager manager =
            (PtNDManager) TorchEngine.start().engine().newBaseManager(Device.cpu());
        EncodedImage good = network.encode(golden.imageA())) {
      PtNDArray narrow = (PtNDArray) manager.ones(new Shape(1, 12, 5));
      EncodedImage bad = new EncodedImage(network, narrow, golden.imageA());

      for (List<EncodedImage> pair : List.of(List.of(bad, good), List.of(good, bad))) {
        DeviceException failure =
            assertThrows(
                DeviceException.class,
                () -> network.runDecoders(pair.get(0), pair.get(1), Wanted.ALL));
        assertTrue(failure.getMessage().contains("decoder_embed"), failure.getMessage());
      }
    }
  }

  @Test
  void refusesImagesOfOddSizesTogetherToo() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    RgbImage odd = new RgbImage(40, 32, new byte[40 * 32 * 3]);
    try (PairNetwork network = PairNetwork.open(golden.weights(), options(2))) {
      int owned = network.ownedValues();

      assertThrows(
          IllegalArgumentException.class, () -> network.encode(List.of(golden.imageA(), odd)));

      assertEquals(owned, network.ownedValues());
    }
  }

  private static EngineOptions options(int threads) {
    return new EngineOptions(DeviceChoice.CPU, Precision.AUTO, threads);
  }

  @Test
  void computesWhatIsWantedAndNothingElse() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    try (PairNetwork network = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS);
        EncodedImage a = network.encode(golden.imageA());
        EncodedImage b = network.encode(golden.imageB())) {
      PairMaps all = network.decode(a, b, Wanted.ALL);
      ViewMaps points = network.decode(a, b, Wanted.POINTS).b();
      ViewMaps descriptors = network.decode(a, b, Wanted.DESCRIPTORS).b();

      assertArrayEquals(
          all.b().points().orElseThrow().toArray(), points.points().orElseThrow().toArray());
      assertTrue(points.pointConfidence().isPresent());
      assertEquals(Optional.empty(), points.descriptors());
      assertEquals(Optional.empty(), points.descriptorConfidence());
      assertArrayEquals(
          all.b().descriptors().orElseThrow().toArray(),
          descriptors.descriptors().orElseThrow().toArray());
      assertTrue(descriptors.descriptorConfidence().isPresent());
      assertEquals(Optional.empty(), descriptors.points());
      assertEquals(Optional.empty(), descriptors.pointConfidence());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void matchesOnTheDeviceAsTheMatchersInJavaDo(int subsample) {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    try (PairNetwork network = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS);
        EncodedImage a = network.encode(golden.imageA());
        EncodedImage b = network.encode(golden.imageB());
        NativeMaps maps = network.run(List.of(a, a), List.of(b, b), Wanted.DESCRIPTORS)) {
      PairMaps copied = maps.toPairMaps(1, NetworkMap.all());
      PixelMask maskA = PixelMask.of(a.width(), a.height(), index -> index % 5 != 0);
      PixelMask maskB = PixelMask.all(b.width(), b.height());
      PixelMatches expected =
          new FastReciprocalMatcher(1, KernelChoice.AUTO, SeedImages.BOTH)
              .match(
                  copied.a().descriptors().orElseThrow(),
                  copied.b().descriptors().orElseThrow(),
                  subsample,
                  maskA,
                  maskB);
      int owned = network.ownedValues();

      ScoredMatches found =
          network.match(maps, 1, new MatchRequest(subsample, SeedImages.BOTH, maskA, maskB));

      assertEquals(owned, network.ownedValues());
      assertTrue(expected.size() > 0);
      assertEquals(expected, found.pixels());
      for (int i = 0; i < expected.size(); i++) {
        float inA = copied.a().descriptorConfidence().orElseThrow().get(expected.indexA(i));
        float inB = copied.b().descriptorConfidence().orElseThrow().get(expected.indexB(i));
        assertEquals(Math.min(inA, inB), found.confidence(i));
      }
    }
  }

  @Test
  void copiesTheMapsThatAreAskedForAndNoOthers() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    try (PairNetwork network = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS);
        EncodedImage a = network.encode(golden.imageA());
        EncodedImage b = network.encode(golden.imageB());
        NativeMaps maps = network.run(List.of(a), List.of(b), Wanted.ALL)) {
      PairMaps all = maps.toPairMaps();

      PairMaps some =
          maps.toPairMaps(0, EnumSet.of(NetworkMap.POINTS_A, NetworkMap.DESCRIPTOR_CONFIDENCE_B));

      assertArrayEquals(
          all.a().points().orElseThrow().toArray(), some.a().points().orElseThrow().toArray());
      assertArrayEquals(
          all.b().descriptorConfidence().orElseThrow().toArray(),
          some.b().descriptorConfidence().orElseThrow().toArray());
      assertEquals(Optional.empty(), some.b().points());
      assertEquals(Optional.empty(), some.a().descriptors());
      assertEquals(Optional.empty(), some.a().descriptorConfidence());
      assertEquals(Optional.empty(), some.a().pointConfidence());
    }
  }

  @Test
  void encodesAnImageOnceForBothSidesOfManyPairs() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-linear");
    try (PairNetwork network = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS);
        EncodedImage a = network.encode(golden.imageA());
        EncodedImage b = network.encode(golden.imageB())) {
      PairMaps first = network.decode(a, b, Wanted.ALL);
      network.decode(b, a, Wanted.ALL);
      PairMaps again = network.decode(a, b, Wanted.ALL);

      assertArrayEquals(
          first.a().points().orElseThrow().toArray(), again.a().points().orElseThrow().toArray());
      assertEquals(golden.imageA().width(), a.width());
      assertEquals(golden.imageA().height(), a.height());
      assertEquals(4L * golden.expected().floats("features_a").length, a.byteCount());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void answersSeveralPairsInOneCallAsOneByOne(int threads) {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    try (PairNetwork network = PairNetwork.open(golden.weights(), options(threads));
        EncodedImage a = network.encode(golden.imageA());
        EncodedImage otherA = network.encode(noise(golden));
        EncodedImage b = network.encode(golden.imageB())) {
      int owned = network.ownedValues();

      List<PairMaps> together = network.decode(List.of(a, otherA, a), List.of(b, b, b), Wanted.ALL);

      assertEquals(owned, network.ownedValues());
      assertEquals(3, together.size());
      assertClose(golden, "_a", together.get(0).a());
      assertClose(golden, "_b", together.get(0).b());
      assertClose(golden, "_b", together.get(2).b());
      float[] alone = network.decode(otherA, b, Wanted.ALL).b().points().orElseThrow().toArray();
      float[] second = together.get(1).b().points().orElseThrow().toArray();
      assertArrayEquals(alone, second, 1e-4f);
      assertNotEquals(second[0], together.get(0).b().points().orElseThrow().toArray()[0]);
    }
  }

  /** Another image of the size of A. */
  private static RgbImage noise(GoldenNetwork golden) {
    byte[] pixels = new byte[golden.imageA().toArray().length];
    new SplittableRandom(3).nextBytes(pixels);
    return new RgbImage(golden.imageA().width(), golden.imageA().height(), pixels);
  }

  @Test
  void refusesACallWhosePairsDoNotFitEachOther() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-linear");
    RgbImage tall = new RgbImage(16, 160, new byte[16 * 160 * 3]);
    try (PairNetwork network = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS);
        EncodedImage a = network.encode(tall);
        EncodedImage b = network.encode(golden.imageB())) {
      assertThrows(
          IllegalArgumentException.class,
          () -> network.decode(List.of(a, a), List.of(b), Wanted.ALL));
      assertThrows(
          IllegalArgumentException.class, () -> network.decode(List.of(), List.of(), Wanted.ALL));
      assertThrows(
          IllegalArgumentException.class,
          () -> network.decode(List.of(a, b), List.of(b, b), Wanted.ALL));
    }
  }

  @ParameterizedTest
  @CsvSource({"catmlp-linear, 1", "catmlp-dpt, 2"})
  void ownsNoMoreNativeValuesAfterManyPairs(String name, int threads) {
    GoldenNetwork golden = GoldenNetwork.read(name);
    try (PairNetwork network = PairNetwork.open(golden.weights(), options(threads))) {
      int atFirst = network.ownedValues();
      for (int pair = 0; pair < 100; pair++) {
        try (EncodedImage a = network.encode(golden.imageA());
            EncodedImage b = network.encode(golden.imageB())) {
          network.decode(a, b, Wanted.ALL);
          assertEquals(atFirst + 2, network.ownedValues());
        }
        assertEquals(atFirst, network.ownedValues());
      }
    }
  }

  /** A header of odd length puts values where the processor would not have them. */
  @Test
  void takesBf16AndUnalignedWeightsForTheirValues(@TempDir Path folder) {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    RewrittenModel model = new RewrittenModel(golden.weights());
    WeightFile bf16 = model.bf16(folder.resolve("bf16"));
    WeightFile unaligned = model.cutFp32(folder.resolve("fp32"));
    try (PairNetwork one = PairNetwork.open(bf16, GoldenNetwork.OPTIONS);
        PairNetwork other = PairNetwork.open(unaligned, GoldenNetwork.OPTIONS);
        EncodedImage byOne = one.encode(golden.imageA());
        EncodedImage byOther = other.encode(golden.imageA())) {
      assertArrayEquals(byOther.features().toFloatArray(), byOne.features().toFloatArray());
      float first = byOne.features().toFloatArray()[0];
      // bf16 keeps 8 bits: near the golden value, and not it
      assertEquals(golden.expected().floats("features_a")[0], first, 0.1);
      assertNotEquals(golden.expected().floats("features_a")[0], first, 1e-5);
    }
  }

  @Test
  void hasNoDescriptorsIfTheModelHasNone(@TempDir Path folder) {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    WeightFile weights = new RewrittenModel(golden.weights()).withoutDescriptors().bf16(folder);
    try (PairNetwork network = PairNetwork.open(weights, GoldenNetwork.OPTIONS);
        EncodedImage a = network.encode(golden.imageA());
        EncodedImage b = network.encode(golden.imageB())) {
      ViewMaps view = network.decode(a, b, Wanted.ALL).a();

      assertTrue(view.points().isPresent());
      assertTrue(view.pointConfidence().isPresent());
      assertEquals(Optional.empty(), view.descriptors());
      assertEquals(Optional.empty(), view.descriptorConfidence());
    }
  }

  @Test
  void saysWhatItRunsOn() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-linear");
    try (PairNetwork network = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS)) {
      assertEquals(DeviceChoice.CPU, network.device());
      assertEquals(Precision.FP32, network.precision());
      assertEquals(golden.weights().config(), network.config());
    }
  }

  @Test
  void staysCloseInBf16() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-linear");
    try (PairNetwork network =
            PairNetwork.open(
                golden.weights(), new EngineOptions(DeviceChoice.CPU, Precision.BF16, 1));
        EncodedImage a = network.encode(golden.imageA())) {
      float[] expected = golden.expected().floats("features_a");
      float[] actual = a.features().toFloatArray();
      double difference = 0;
      double size = 0;
      for (int i = 0; i < expected.length; i++) {
        difference += Math.pow(actual[i] - expected[i], 2);
        size += Math.pow(expected[i], 2);
      }
      double relative = Math.sqrt(difference / size);
      // bf16 rounds at 2^-9 = 0.002; three blocks of it are about 0.01, and fp32 would be 1e-6
      assertTrue(relative < 0.03 && relative > 1e-4, "relative difference " + relative);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "500, 333, 160, 16, KEEP",
    "333, 500, 160, 14, KEEP",
    "97, 61, 320, 16, KEEP",
    "300, 300, 96, 16, CROP_TO_4_3",
    "301, 200, 224, 16, KEEP",
    "40, 41, 40, 8, KEEP"
  })
  void resizesInTheEngineToTheSameBytes(
      int width, int height, int size, int patch, SquareRule squares) {
    RgbImage photo = noise(width, height);
    ResizePlan plan = ResizePlan.of(width, height, new ResizeRule(size, patch, squares));
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    try (PairNetwork network = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS)) {
      int owned = network.ownedValues();

      RgbImage resized = network.resizeInEngine(photo, plan);

      assertEquals(plan.networkWidth(), resized.width());
      assertEquals(plan.networkHeight(), resized.height());
      assertArrayEquals(plan.apply(photo).toArray(), resized.toArray());
      assertArrayEquals(resized.toArray(), network.resize(photo, plan).toArray());
      assertEquals(owned, network.ownedValues());
      assertThrows(IllegalArgumentException.class, () -> network.resizeInEngine(noise(4, 4), plan));
    }
  }

  private static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new SplittableRandom(5).nextBytes(rgb);
    // black and white edges, at which filters overshoot
    Arrays.fill(rgb, 0, rgb.length / 3, (byte) 0);
    Arrays.fill(rgb, rgb.length / 2, 2 * rgb.length / 3, (byte) 255);
    return new RgbImage(width, height, rgb);
  }

  @Test
  void refusesAnImageThatIsNoMultipleOfThePatch() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-dpt");
    try (PairNetwork network = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS)) {
      RgbImage image = new RgbImage(16, 24, new byte[3 * 16 * 24]);

      IllegalArgumentException failure =
          assertThrows(IllegalArgumentException.class, () -> network.encode(image));

      assertEquals("the network takes multiples of 16 pixels, found 16 x 24", failure.getMessage());
    }
  }

  @Test
  void refusesAnImageOfAnotherNetwork() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-linear");
    try (PairNetwork network = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS);
        PairNetwork other = PairNetwork.open(golden.weights(), GoldenNetwork.OPTIONS);
        EncodedImage image = other.encode(golden.imageA())) {
      assertThrows(IllegalArgumentException.class, () -> network.decode(image, image, Wanted.ALL));
    }
  }

  @Test
  void refusesAGpuThatIsNotThere() {
    GoldenNetwork golden = GoldenNetwork.read("catmlp-linear");
    EngineOptions options = new EngineOptions(DeviceChoice.parse("cuda:99"), Precision.AUTO, 1);

    DeviceException failure =
        assertThrows(DeviceException.class, () -> PairNetwork.open(golden.weights(), options));

    assertTrue(failure.getMessage().startsWith("no device cuda:99"), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count());
  }
}
