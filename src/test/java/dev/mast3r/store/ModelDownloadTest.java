package dev.mast3r.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.ModelException;
import dev.mast3r.error.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDownloadTest {

  private static final byte[] CONTENT = bytes(3, 1_000_000);

  @TempDir Path folder;

  private FileServer server;
  private Path target;

  private static byte[] bytes(long seed, int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void startServer() throws IOException {
    server = new FileServer(CONTENT);
    target = folder.resolve("models/model.bin");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static String sha256(byte[] content) {
    Sha256 hash = new Sha256();
    hash.update(content, 0, content.length);
    return hash.hex();
  }

  private RemoteFile remote(String path) {
    return new RemoteFile(
        server.uri(path), OptionalLong.of(CONTENT.length), Optional.of(sha256(CONTENT)));
  }

  private String fetch(RemoteFile remote) {
    return new ModelDownload(Duration.ZERO).fetch(remote, target, (bytes, total) -> {});
  }

  private void assertOnlyTheFileIsThere(byte[] content) throws IOException {
    assertArrayEquals(content, Files.readAllBytes(target));
    try (Stream<Path> children = Files.list(target.getParent())) {
      assertEquals(List.of(target), children.toList());
    }
  }

  @Test
  void fetchesAFileThroughARedirect() throws IOException {
    assertEquals(sha256(CONTENT), fetch(remote("/moved/model.bin")));

    assertOnlyTheFileIsThere(CONTENT);
  }

  @Test
  void reportsItsProgress() {
    List<Long> reports = new ArrayList<>();
    RemoteFile unknown =
        new RemoteFile(server.uri("/model.bin"), OptionalLong.empty(), Optional.empty());

    new ModelDownload(Duration.ZERO)
        .fetch(
            unknown,
            target,
            (bytes, total) -> {
              assertEquals(OptionalLong.of(CONTENT.length), total);
              reports.add(bytes);
            });

    assertEquals(reports.stream().sorted().toList(), reports);
    assertEquals(CONTENT.length, reports.get(reports.size() - 1));
  }

  /** What was under way when a connection broke may be lost, so that parts are not exact. */
  @Test
  void goesOnWhereAConnectionBroke() throws IOException {
    server.breakAfter(150_000);

    fetch(remote("/model.bin"));

    assertOnlyTheFileIsThere(CONTENT);
    List<String> requests = server.requests();
    assertEquals("all", requests.get(0));
    assertTrue(requests.size() >= 7, requests.toString());
    assertStartsBetween(100_000, 150_000, requests.get(1));
    assertStartsBetween(200_000, 300_000, requests.get(2));
  }

  @Test
  void goesOnWhereAnEarlierProcessEnded() throws IOException {
    server.breakAfter(400_000);
    server.beBusy(1, 5);
    assertThrows(ModelException.class, () -> fetch(remote("/model.bin")));
    assertFalse(Files.exists(target));
    server.breakAfter(Integer.MAX_VALUE);

    fetch(remote("/model.bin"));

    assertOnlyTheFileIsThere(CONTENT);
    assertEquals(6, server.requests().size());
    assertStartsBetween(300_000, 400_000, server.requests().get(5));
  }

  private static void assertStartsBetween(int low, int high, String range) {
    int start = Integer.parseInt(range.replace("bytes=", "").replace("-", ""));
    assertTrue(start > low && start <= high, range);
  }

  @Test
  void asksForNothingMoreIfAllIsThere() throws IOException {
    fetch(remote("/model.bin"));
    Files.move(target, target.resolveSibling("model.bin.part"));
    Files.writeString(target.resolveSibling("model.bin.part.tag"), "\"one\"");

    fetch(remote("/model.bin"));
    assertEquals(1, server.requests().size());

    Files.move(target, target.resolveSibling("model.bin.part"));
    Files.writeString(target.resolveSibling("model.bin.part.tag"), "\"one\"");
    fetch(new RemoteFile(server.uri("/model.bin"), OptionalLong.empty(), Optional.empty()));
    assertEquals(List.of("all", "bytes=1000000-"), server.requests());
    assertOnlyTheFileIsThere(CONTENT);
  }

  @Test
  void joinsNoPartsOfTwoVersions() throws IOException {
    server.breakAfter(200_000);
    server.beBusy(1, 5);
    RemoteFile remote =
        new RemoteFile(server.uri("/model.bin"), OptionalLong.empty(), Optional.empty());
    assertThrows(ModelException.class, () -> fetch(remote));
    byte[] next = bytes(4, 900_000);
    server.replace(next, "\"two\"");
    server.breakAfter(Integer.MAX_VALUE);

    assertEquals(sha256(next), fetch(remote));

    assertOnlyTheFileIsThere(next);
  }

  @Test
  void startsAnewWhereAServerKnowsNoRanges() throws IOException {
    server.breakAfter(200_000);
    server.beBusy(1, 5);
    assertThrows(ModelException.class, () -> fetch(remote("/model.bin")));
    server.breakAfter(Integer.MAX_VALUE);
    server.ignoreRanges();

    fetch(remote("/model.bin"));

    assertOnlyTheFileIsThere(CONTENT);
  }

  @Test
  void triesAgainWhenTheServerIsBusy() throws IOException {
    server.beBusy(0, 3);

    fetch(remote("/model.bin"));

    assertOnlyTheFileIsThere(CONTENT);
  }

  @Test
  void givesUpAfterFourAttempts() {
    server.beBusy(0, 9);

    String message = failure(remote("/model.bin"));

    assertTrue(message.contains("the server answered HTTP 503"), message);
    assertEquals(4, server.requests().size());
  }

  @Test
  void refusesAnotherFileThanTheExpectedOne() throws IOException {
    server.replace(bytes(5, CONTENT.length), "\"two\"");

    String message = failure(remote("/model.bin"));

    assertTrue(message.contains("expected SHA-256 " + sha256(CONTENT)), message);
    try (Stream<Path> children = Files.list(target.getParent())) {
      assertEquals(0, children.count());
    }
  }

  @Test
  void refusesAFileOfAnotherSizeBeforeItIsRead() {
    server.replace(bytes(5, CONTENT.length + 1), "\"two\"");

    String message = failure(remote("/model.bin"));

    assertTrue(message.endsWith("expected 1000000 bytes, the server has 1000001"), message);
    assertEquals(1, server.requests().size());
  }

  @Test
  void saysWhatTheServerAnswered() {
    assertTrue(
        failure(remote("/absent.bin")).endsWith("/absent.bin: the server answered HTTP 404"));
    assertTrue(failure(remote("/loop/model.bin")).contains("HTTP 302"));
    server.close();
    assertTrue(failure(remote("/model.bin")).contains("the download failed: "));
  }

  private String failure(RemoteFile remote) {
    ModelException failure = assertThrows(ModelException.class, () -> fetch(remote));
    assertFalse(Files.exists(target));
    assertEquals(1, failure.getMessage().lines().count());
    return failure.getMessage();
  }

  @Test
  void takesWebAddressesOfFilesAlone() {
    for (String address :
        List.of(
            "file:///etc/passwd", "ftp://host/a.pth", "/a.pth", "https:///a", "https://host/")) {
      assertThrows(
          UsageException.class,
          () -> new RemoteFile(URI.create(address), OptionalLong.empty(), Optional.empty()),
          address);
    }
    assertThrows(
        UsageException.class,
        () ->
            new RemoteFile(
                URI.create("https://host/a.pth"), OptionalLong.empty(), Optional.of("abc")));
  }
}
