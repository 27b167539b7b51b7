package dev.mast3r.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPullTest {

  @TempDir Path home;

  private StoredModel pull(FileServer server) {
    RemoteFile file =
        new RemoteFile(server.uri("/model.bin"), OptionalLong.empty(), Optional.empty());
    return new ModelPull(new ModelStore(home, List.of()), new ModelDownload(Duration.ZERO))
        .run(
            new RemoteModel("tiny", "CC0-1.0", Optional.empty(), false, List.of(file)),
            Optional.empty(),
            (bytes, total) -> {});
  }

  @Test
  void makesAModelOfADownload() throws IOException {
    byte[] checkpoint =
        Files.readAllBytes(Path.of("testdata/golden/checkpoint-tiny/checkpoint.pth"));
    try (FileServer server = new FileServer(checkpoint)) {
      StoredModel model = pull(server);

      assertEquals("tiny", model.name());
      assertEquals(server.uri("/model.bin").toString(), model.manifest().origin());
      model.checkHash();
      try (Stream<Path> children = Files.list(home)) {
        assertEquals(
            Set.of(home.resolve("tiny"), home.resolve(DownloadHashes.FILE_NAME)),
            children.collect(Collectors.toSet()));
      }
      assertThrows(ModelException.class, () -> pull(server));
      assertEquals(List.of("all"), server.requests());
    }
  }

  @Test
  void knowsThePublishedModels() {
    List<RemoteModel> known = RemoteModel.known();

    assertEquals(4, known.size());
    for (RemoteModel model : known) {
      assertTrue(ModelManifest.isName(model.name()));
      assertEquals(ModelStore.isMetricName(model.name()), model.metric());
      assertEquals(
          List.of("model.safetensors", "config.json"),
          model.files().stream().map(RemoteFile::fileName).toList());
      assertTrue(model.files().get(0).uri().getPath().contains(model.name()));
    }
  }

  @Test
  void namesAModelOfOneFileAsTheFile() {
    RemoteFile file =
        new RemoteFile(
            URI.create("https://host/a/MASt3R_512_metric.pth?x=1"),
            OptionalLong.empty(),
            Optional.empty());

    assertEquals(
        new RemoteModel("MASt3R_512_metric", "unknown", Optional.empty(), true, List.of(file)),
        RemoteModel.of(file));
  }

  @Test
  void givesThePublishedTermsToTheSameFileFromElsewhere() {
    RemoteModel published = RemoteModel.known().get(0);
    RemoteFile file =
        new RemoteFile(
            URI.create("https://host/" + published.name() + ".pth"),
            OptionalLong.empty(),
            Optional.empty());

    RemoteModel model = RemoteModel.of(file);

    assertEquals(published.licence(), model.licence());
    assertEquals(published.terms(), model.terms());
    assertTrue(published.terms().orElseThrow().contains("no commercial use"));
  }

  @Test
  void refusesAFileThatHasChangedSinceItsFirstDownload() throws IOException {
    byte[] checkpoint =
        Files.readAllBytes(Path.of("testdata/golden/checkpoint-tiny/checkpoint.pth"));
    try (FileServer server = new FileServer(checkpoint)) {
      pull(server);
      new ModelStore(home, List.of()).remove("tiny");
      pull(server);
      new ModelStore(home, List.of()).remove("tiny");
      checkpoint[checkpoint.length / 2] ^= 1;
      server.replace(checkpoint, "\"two\"");

      ModelException refusal = assertThrows(ModelException.class, () -> pull(server));

      assertTrue(refusal.getMessage().contains("expected SHA-256"), refusal.getMessage());
    }
  }
}
