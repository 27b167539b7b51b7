package dev.mast3r.batch;

import dev.mast3r.error.InputException;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files that appear whole or not at all: to a hidden neighbour first, forced to the disk,
 * then renamed over the target. A kill leaves the old file, if any, and at worst a stray {@code
 * .NAME.*.part}.
 *
 * <p>A link is followed. A target that is no regular file, such as a pipe or {@code /dev/stdout},
 * cannot be replaced and is written to directly.
 */
public final class AtomicFile {

  /** Writes the content to a stream that need not be closed. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes one file.
   *
   * @throws InputException if the file cannot be written; what the content throws passes through.
   *     Either way the target is as before
   */
  public static void write(Path target, Content content) {
    try {
      if (isSpecial(target)) {
        writeStream(target, content);
      } else {
        replace(target, content);
      }
    } catch (IOException e) {
      throw cannotWrite(target, e);
    }
  }

  private static void replace(Path target, Content content) throws IOException {
    Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    if (Files.isDirectory(real)) {
      throw new IOException("it is a folder");
    }
    Path part = createPart(real);
    try {
      writeStream(part, content);
      try (RandomAccessFile file = new RandomAccessFile(part.toFile(), "rw")) {
        file.getFD().sync();
      }
      rename(part, real);
    } finally {
      Files.deleteIfExists(part);
    }
    forceFolder(real.getParent());
  }

  private static Path createPart(Path target) throws IOException {
    long process = ProcessHandle.current().pid();
    // not createTempFile: its files are readable by their owner only, results follow the umask
    for (int i = 0; ; i++) {
      Path part =
          target.resolveSibling("." + target.getFileName() + "." + process + "-" + i + ".part");
      try {
        return Files.createFile(part);
      } catch (FileAlreadyExistsException e) {
        if (i == 1000) {
          throw e;
        }
      }
    }
  }

  private static void rename(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Makes the rename itself durable; not every system lets a folder be opened. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // the file is whole in any case
    }
  }

  private static boolean isSpecial(Path target) {
    return Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target);
  }

  private static void writeStream(Path path, Content content) throws IOException {
    // not Files.newOutputStream: an interrupt would close its channel half-way
    try (OutputStream out = new FileOutputStream(path.toFile());
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16)) {
      content.writeTo(buffered);
    }
  }

  static InputException cannotWrite(Path target, IOException cause) {
    return new InputException("cannot write " + target + ": " + reason(cause), cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "its folder does not exist";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    return cause.getMessage();
  }
}
