package dev.mast3r.store;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The hashes of files that were downloaded before, in {@value #FILE_NAME} of the store: a line
 * each, hash, two spaces, address. A user who knows why a file has changed deletes its line.
 */
final class DownloadHashes {

  static final String FILE_NAME = ".downloads.sha256";

  private static final String GAP = "  ";

  private final Path file;

  DownloadHashes(Path home) {
    this.file = home.resolve(FILE_NAME);
  }

  /** Returns the file to download with the hash it has to have: its own, else the one recorded. */
  RemoteFile expecting(RemoteFile remote) {
    Optional<String> recorded =
        lines().stream()
            .filter(line -> line.endsWith(GAP + remote.uri()))
            .map(line -> line.substring(0, line.indexOf(GAP)))
            .findFirst();
    return new RemoteFile(remote.uri(), remote.bytes(), remote.sha256().or(() -> recorded));
  }

  /** Keeps the hash of a file that was downloaded for the first time. */
  void record(URI uri, String sha256) {
    String line = sha256 + GAP + uri;
    if (lines().contains(line)) {
      return;
    }
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be written: " + e, e);
    }
  }

  private List<String> lines() {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + e, e);
    }
  }
}
