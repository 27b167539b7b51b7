package dev.mast3r.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.ModelException;
import dev.mast3r.error.UsageException;
import dev.mast3r.weights.ElementType;
import dev.mast3r.weights.StoredPrecision;
import dev.mast3r.weights.WeightCheck;
import dev.mast3r.weights.WeightFile;
import dev.mast3r.weights.WeightReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelImportTest {

  private static final Path CHECKPOINT = Path.of("testdata/golden/checkpoint-tiny/checkpoint.pth");

  @TempDir Path root;

  private ModelStore store;

  @BeforeEach
  void openStore() {
    store = new ModelStore(root.resolve("home"), List.of(root.resolve("shipped")));
  }

  private static ImportOptions options(String name, StoredPrecision precision) {
    return new ImportOptions(name, "CC0-1.0", "a test", Optional.of(precision), true);
  }

  @ParameterizedTest
  @EnumSource(StoredPrecision.class)
  void makesAModelOfACheckpoint(StoredPrecision precision) {
    StoredModel model = ModelImport.run(store, CHECKPOINT, options("tiny", precision));

    assertEquals(List.of(model), store.list());
    model.checkHash();
    ModelManifest manifest = model.manifest();
    assertEquals(precision.key(), manifest.precision());
    assertEquals(64, manifest.longSidePx());
    assertEquals(1.001, manifest.minConfidence());
    assertTrue(manifest.metric());
    WeightFile file = WeightFile.open(store.select("tiny").path());
    assertEquals(WeightFile.open(CHECKPOINT).config(), file.config());
    WeightReport report = WeightCheck.verify(file);
    assertEquals(List.of(), report.problems());
    assertEquals(
        List.of(precision == StoredPrecision.FP32 ? ElementType.FLOAT32 : ElementType.FLOAT16),
        report.types());
  }

  @Test
  void leavesNothingBehindIfTheCheckpointIsDamaged() throws IOException {
    byte[] bytes = Files.readAllBytes(CHECKPOINT);
    Path damaged = Files.write(root.resolve("damaged.pth"), bytes);
    // somewhere within the data: NaN in a weight
    int at = bytes.length / 2 / 64 * 64;
    for (int i = at; i < at + 64; i++) {
      bytes[i] = -1;
    }
    Files.write(damaged, bytes);

    ModelException failure =
        assertThrows(
            ModelException.class,
            () -> ModelImport.run(store, damaged, options("tiny", StoredPrecision.FP32)));

    assertTrue(failure.getMessage().startsWith(damaged + ": tensor '"), failure.getMessage());
    assertTrue(failure.getMessage().contains("NaN or infinity"), failure.getMessage());
    assertEquals(List.of(), store.list());
  }

  @Test
  void startsAnewAfterAnImportThatWasKilled() throws IOException {
    Path unfinished = Files.createDirectories(root.resolve("home/.tiny.unfinished"));
    Files.writeString(unfinished.resolve("model.safetensors"), "half");
    Files.writeString(unfinished.resolve("manifest.json"), "{");
    assertEquals(List.of(), store.list());

    ModelImport.run(store, CHECKPOINT, options("tiny", StoredPrecision.FP16));

    try (Stream<Path> children = Files.list(root.resolve("home"))) {
      assertEquals(List.of(root.resolve("home/tiny")), children.toList());
    }
  }

  @Test
  void replacesNoModel() {
    ModelImport.run(store, CHECKPOINT, options("tiny", StoredPrecision.FP16));

    ModelException failure =
        assertThrows(
            ModelException.class,
            () -> ModelImport.run(store, CHECKPOINT, options("tiny", StoredPrecision.FP32)));

    assertTrue(failure.getMessage().endsWith("a model of that name already"));
    assertEquals("fp16", store.find("tiny").orElseThrow().manifest().precision());
  }

  @Test
  void removesWhatWasImported() {
    ModelImport.run(store, CHECKPOINT, options("tiny", StoredPrecision.FP16));

    store.remove("tiny");

    assertEquals(List.of(), store.list());
    assertTrue(Files.notExists(root.resolve("home/tiny")));
    assertThrows(ModelException.class, () -> store.remove("tiny"));
  }

  @Test
  void removesNothingThatWasShipped() {
    ModelImport.run(
        new ModelStore(root.resolve("shipped"), List.of()),
        CHECKPOINT,
        options("tiny", StoredPrecision.FP16));

    ModelException failure = assertThrows(ModelException.class, () -> store.remove("tiny"));

    assertEquals("model 'tiny' came with the program and stays", failure.getMessage());
    assertEquals(1, store.list().size());
  }

  @Test
  void refusesANameThatIsAPath() {
    assertThrows(UsageException.class, () -> options("../tiny", StoredPrecision.FP32));
  }
}
