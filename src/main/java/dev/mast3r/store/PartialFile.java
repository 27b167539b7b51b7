package dev.mast3r.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The part of a file that has been downloaded, {@code NAME.part}, and the server's tag of its
 * version, {@code NAME.part.tag}. Without a tag a part cannot be continued.
 */
final class PartialFile {

  private final Path target;
  private final Path part;
  private final Path tag;

  PartialFile(Path target) {
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.tag = target.resolveSibling(target.getFileName() + ".part.tag");
  }

  Path path() {
    return part;
  }

  /** Returns the tag of what is there, absent if nothing is or it cannot be continued. */
  Optional<String> tag() throws IOException {
    return Files.exists(part) && Files.exists(tag)
        ? Optional.of(Files.readString(tag))
        : Optional.empty();
  }

  long bytes() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  long bytesOrZero() {
    try {
      return bytes();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Opens an empty part of a version. */
  OutputStream begin(Optional<String> version) throws IOException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    delete();
    if (version.isPresent()) {
      Files.writeString(tag, version.get());
    }
    return Files.newOutputStream(part);
  }

  OutputStream append() throws IOException {
    return Files.newOutputStream(part, StandardOpenOption.APPEND);
  }

  void delete() throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(tag);
  }

  /** Gives the whole file its name. */
  void finish() throws IOException {
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(tag);
  }
}
