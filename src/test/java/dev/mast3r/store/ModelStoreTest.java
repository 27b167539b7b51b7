package dev.mast3r.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {

  private static final String EMPTY_SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir Path root;

  private Path home;
  private Path shipped;
  private ModelStore store;

  @BeforeEach
  void openStore() {
    home = root.resolve("home");
    shipped = root.resolve("shipped");
    store = new ModelStore(home, List.of(root.resolve("absent"), shipped));
  }

  private static ModelManifest manifest(String name, boolean metric) {
    return new ModelManifest(
        name, "CC0-1.0", "made by a test", EMPTY_SHA256, "fp32", metric, 512, 1.5);
  }

  private static Path put(Path folder, String name, boolean metric, int bytes) throws IOException {
    Path model = Files.createDirectories(folder.resolve(name));
    Files.write(model.resolve("model.safetensors"), new byte[bytes]);
    Files.writeString(model.resolve("manifest.json"), manifest(name, metric).toJson());
    return model;
  }

  @Test
  void isEmptyBeforeItsFoldersExist() {
    assertEquals(List.of(), store.list());
    ModelException failure = assertThrows(ModelException.class, store::best);
    assertTrue(failure.getMessage().contains("model pull"), failure.getMessage());
  }

  @Test
  void listsTheUsersModelsBeforeShippedOnes() throws IOException {
    put(shipped, "a", false, 1);
    put(shipped, "c", false, 1);
    put(home, "b", true, 1);
    Path own = put(home, "c", false, 1);
    Files.createDirectories(home.resolve("unfinished"));

    List<StoredModel> models = store.list();

    assertEquals(List.of("b", "c", "a"), models.stream().map(StoredModel::name).toList());
    assertEquals(new StoredModel(own, manifest("c", false), false), models.get(1));
    assertTrue(models.get(2).shipped());
    assertEquals(Optional.of(models.get(2)), store.find("a"));
    assertEquals(Optional.empty(), store.find("unfinished"));
  }

  @Test
  void prefersTheUsersThenMetricThenLargerModels() throws IOException {
    put(shipped, "shipped", true, 100);
    assertEquals("shipped", store.best().name());

    put(home, "small", false, 1);
    assertEquals("small", store.best().name());

    put(home, "large", false, 9);
    assertEquals("large", store.best().name());

    Path metric = put(home, "metric", true, 5);
    assertEquals(
        new SelectedModel("metric", metric, true, Optional.of(manifest("metric", true))),
        store.best());
  }

  @Test
  void selectsByNameBeforeByPath() throws IOException {
    Path model = put(home, "a", false, 1);

    SelectedModel expected =
        new SelectedModel("a", model, false, Optional.of(manifest("a", false)));
    assertEquals(expected, store.select("a"));
    assertEquals(expected, store.select(model.toString()));
  }

  @Test
  void selectsAFileThatIsInNoStore() throws IOException {
    Path file = Files.createFile(root.resolve("MASt3R_512_catmlpdpt_metric.pth"));
    Path hub = Files.createDirectories(root.resolve("DUSt3R_512")).resolve("model.safetensors");
    Files.createFile(hub);

    assertEquals(
        new SelectedModel("MASt3R_512_catmlpdpt_metric", file, true, Optional.empty()),
        store.select(file.toString()));
    assertEquals(
        new SelectedModel("DUSt3R_512", hub, false, Optional.empty()),
        store.select(hub.toString()));
  }

  @Test
  void namesTheModelsThereAreIfNoneIsMeant() throws IOException {
    put(home, "a", false, 1);

    ModelException failure = assertThrows(ModelException.class, () -> store.select("b"));

    assertEquals("no model and no file 'b': the models are [a]", failure.getMessage());
    assertThrows(ModelException.class, () -> store.select("b\0"));
  }

  @Test
  void namesADamagedManifest() throws IOException {
    Path file = put(home, "a", false, 1).resolve("manifest.json");
    for (String damage : List.of("{", "[]", "{\"name\": 1}", manifest("b", false).toJson())) {
      Files.writeString(file, damage);

      ModelException failure = assertThrows(ModelException.class, store::list);

      assertTrue(failure.getMessage().startsWith(file + ": "), failure.getMessage());
      assertEquals(1, failure.getMessage().lines().count());
    }
  }

  @Test
  void tellsDamagedWeightsByTheirHash() throws IOException {
    put(home, "a", false, 0);
    store.find("a").orElseThrow().checkHash();

    put(home, "a", false, 1);
    ModelException failure =
        assertThrows(ModelException.class, () -> store.find("a").orElseThrow().checkHash());

    assertTrue(
        failure
            .getMessage()
            .endsWith(
                "expected SHA-256 "
                    + EMPTY_SHA256
                    + ", found "
                    + "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        failure.getMessage());
  }

  @Test
  void readsTheManifestThatItWrites() {
    ModelManifest manifest = manifest("a", true);

    assertEquals(manifest, ModelManifest.parse(manifest.toJson()));
  }

  @Test
  void namesTheManifestsWrongKey() {
    String json = manifest("a", true).toJson();
    assertWrong("metric", json.replace("true", "1"));
    assertWrong("size", json.replace("512", "51.2"));
    assertWrong("size", json.replace("512", "0"));
    assertWrong("min_confidence", json.replace("1.5", "-1"));
    assertWrong("precision", json.replace("fp32", "int8"));
    assertWrong("sha256", json.replace("e3b0", "E3B0"));
    assertWrong("licence", json.replace("licence", "license"));
    assertWrong("name", json.replace("\"a\"", "\"../a\""));
  }

  private static void assertWrong(String key, String json) {
    ModelException failure = assertThrows(ModelException.class, () -> ModelManifest.parse(json));
    assertTrue(failure.getMessage().startsWith(key + ": expected "), failure.getMessage());
  }

  @Test
  void namesAreFolderNamesOnEverySystem() {
    assertTrue(ModelManifest.isName("MASt3R_ViTLarge-512.v1"));
    for (String text : List.of("", ".", "..", "a/b", "a\\b", "-a", "a.", "c:", "x".repeat(101))) {
      assertFalse(ModelManifest.isName(text), text);
    }
  }
}
