package dev.mast3r.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mast3r.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir Path folder;

  private static AtomicFile.Content text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> namesInFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writesANewFileAndReplacesAnOldOne() throws IOException {
    Path file = folder.resolve("a.csv");

    AtomicFile.write(file, text("first, long"));
    assertEquals("first, long", Files.readString(file));
    AtomicFile.write(file, text("second"));

    assertEquals("second", Files.readString(file));
    assertEquals(List.of("a.csv"), namesInFolder());
  }

  @Test
  void showsNothingOfTheNewFileWhileItIsWritten() {
    Path file = folder.resolve("a.csv");
    AtomicFile.write(file, text("old"));

    AtomicFile.write(
        file,
        out -> {
          out.write(new byte[1 << 20]);
          out.flush();
          assertEquals("old", Files.readString(file));
        });

    assertEquals(1 << 20, file.toFile().length());
  }

  @Test
  void leavesTheOldFileAndNoLitterWhenTheContentFails() throws IOException {
    Path file = folder.resolve("a.csv");
    AtomicFile.write(file, text("old"));

    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(1);
                  throw new IllegalStateException();
                }));
    InputException failure =
        assertThrows(
            InputException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      throw new IOException("No space left on device");
                    }));

    assertEquals("cannot write " + file + ": No space left on device", failure.getMessage());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.csv"), namesInFolder());
  }

  @Test
  void saysThatTheFolderIsMissingOrTheTargetIsOne() {
    Path inNone = folder.resolve("none").resolve("a.csv");

    assertEquals(
        "cannot write " + inNone + ": its folder does not exist",
        assertThrows(InputException.class, () -> AtomicFile.write(inNone, text("x"))).getMessage());
    assertEquals(
        "cannot write " + folder + ": it is a folder",
        assertThrows(InputException.class, () -> AtomicFile.write(folder, text("x"))).getMessage());
  }

  @Test
  void followsALink() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);

    AtomicFile.write(link, text("new"));

    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(target));
  }

  @Test
  void writesStraightToADevice() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "skipped: no such device here");

    AtomicFile.write(device, text("x"));

    assertFalse(Files.isRegularFile(device));
  }

  @Test
  void finishesTheFileOfAnInterruptedThread() throws IOException {
    Path file = folder.resolve("a.csv");
    Thread.currentThread().interrupt();
    try {
      AtomicFile.write(file, text("whole"));
    } finally {
      assertTrue(Thread.interrupted());
    }

    assertEquals("whole", Files.readString(file));
  }
}
