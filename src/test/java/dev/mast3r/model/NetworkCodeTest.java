package dev.mast3r.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkCodeTest {

  private static final Path HASH =
      Path.of("src/main/resources/dev/mast3r/model/network.sources.sha256");

  /** The rule stands in {@code scripts/export.py}, which writes archive and hash. */
  @Test
  void archiveWasMadeFromTheSourcesAsTheyAre() throws IOException, NoSuchAlgorithmException {
    List<String> lines = Files.readAllLines(HASH);
    List<String> paths = lines.subList(1, lines.size());
    assertTrue(paths.contains("scripts/network/module.py"), paths.toString());

    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String path : paths) {
      digest.update(path.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(
          Files.readString(Path.of(path)).replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }

    assertEquals(
        lines.get(0),
        HexFormat.of().formatHex(digest.digest()),
        "network.pt is stale: run scripts/export.py");
  }
}
