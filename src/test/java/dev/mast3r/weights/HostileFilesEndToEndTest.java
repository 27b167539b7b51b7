package dev.mast3r.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.app.Environment;
import dev.mast3r.testsupport.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile weight files through the command line: each ends {@code model import} with exit code 4
 * and one line, leaves nothing in the store and runs no code; so do {@code model verify} and {@code
 * match}, each with every seventh file.
 */
class HostileFilesEndToEndTest {

  private static final String PHOTO = CommandRun.IMAGES.resolve("leuvenA.jpg").toString();

  @TempDir Path folder;
  private int refused;

  private CommandRun run(Object... args) {
    return CommandRun.in(
        new Environment(
            folder.resolve("store"),
            folder.resolve("none"),
            Path.of(System.getProperty("user.home"), ".cache/mast3r"),
            Optional.empty(),
            Optional.empty(),
            "17",
            "test"),
        "",
        args);
  }

  private void assertRefused(Path file, String what) throws IOException {
    assertOneLine(run("model", "import", file, "--name", "x"), what);
    if (refused % 7 == 0) {
      assertOneLine(run("match", "-q", "--model", file, PHOTO, PHOTO), what + ", match");
      assertOneLine(run("model", "verify", file), what + ", verify");
    }
    assertStoreIsEmpty(what);
    refused++;
  }

  private static void assertOneLine(CommandRun run, String what) {
    assertEquals(4, run.exitCode(), what + ": " + run.err());
    assertEquals("", run.out(), what);
    assertEquals(1, run.errLines().size(), what + ": " + run.err());
    assertTrue(run.err().startsWith("mast3r: "), what + ": " + run.err());
    assertTrue(run.err().length() < 500, what + ": " + run.err());
  }

  private void assertStoreIsEmpty(String what) throws IOException {
    Path store = folder.resolve("store");
    if (Files.exists(store)) {
      try (Stream<Path> children = Files.list(store)) {
        assertEquals(List.of(), children.toList(), what);
      }
    }
  }

  private void assertAllRefused(List<byte[]> files, String what) throws IOException {
    for (int i = 0; i < files.size(); i++) {
      Path file = Files.write(folder.resolve("hostile.pth"), files.get(i));
      assertRefused(file, what + " " + i);
    }
  }

  @Test
  void refusesEveryHostileCheckpoint() throws IOException {
    Path marker = folder.resolve("owned");

    assertAllRefused(HostileCheckpoints.cutOff(), "cut off");
    assertAllRefused(HostileCheckpoints.forgedDirectories(), "forged directory");
    assertAllRefused(HostileCheckpoints.callingPickles(marker), "calling pickle");
    assertAllRefused(HostileCheckpoints.bombs(), "bomb");
    assertAllRefused(HostileCheckpoints.duplicates(), "duplicate");
    assertAllRefused(HostileCheckpoints.traversingPaths(), "path");

    assertFalse(Files.exists(marker), "a file executed code");
    assertEquals(428, refused);
  }

  @Test
  void refusesEveryHostileSafetensorsFile() throws IOException {
    Path sound = soundSafetensors();
    HostileSafeTensors hostile = new HostileSafeTensors(sound);
    Path model = Files.createDirectory(folder.resolve("model"));
    String config = Files.readString(sound.resolveSibling("config.json"));
    Files.writeString(model.resolve("config.json"), config);
    Path weights = model.resolve("model.safetensors");

    for (List<byte[]> files :
        List.of(hostile.cutOff(), hostile.forgedLengths(), hostile.forgedHeaders())) {
      for (int i = 0; i < files.size(); i++) {
        Files.write(weights, files.get(i));
        assertRefused(weights, "safetensors " + refused);
      }
    }
    Files.copy(sound, weights, StandardCopyOption.REPLACE_EXISTING);
    for (String forged : HostileSafeTensors.forgedConfigs(config)) {
      Files.writeString(model.resolve("config.json"), forged);
      assertRefused(model, "config " + refused);
    }

    assertEquals(165, refused);
  }

  private Path soundSafetensors() throws IOException {
    Path copy = folder.resolve("copy");
    assertEquals(0, run("model", "import", HostileCheckpoints.SOUND, "--name", "sound").exitCode());
    assertEquals(0, run("model", "export", "sound", copy).exitCode());
    assertEquals(0, run("model", "remove", "sound").exitCode());
    return copy.resolve("model.safetensors");
  }

  /**
   * A flipped bit is refused, or lies where nothing depends on it: in dates, padding and the copies
   * of checksums. Bits of values are found by the file's checksums.
   */
  @Test
  void loadsAFileWithAFlippedBitOnlyIfNoTensorDiffers() throws IOException {
    byte[] sound = HostileCheckpoints.soundBytes();
    Map<String, TensorData> expected = WeightFile.open(HostileCheckpoints.SOUND).tensors();
    SplittableRandom random = new SplittableRandom(21);
    int loaded = 0;
    for (int round = 0; round < 400; round++) {
      int at = random.nextInt(4, sound.length);
      byte[] flipped = sound.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      String what = "bit of byte " + at;
      Path file = Files.write(folder.resolve("flipped.pth"), flipped);
      CommandRun run = run("model", "import", file, "--name", "x");
      if (run.exitCode() == 0) {
        WeightFile imported = WeightFile.open(folder.resolve("store/x"));
        imported.tensors().forEach((name, tensor) -> assertSame(expected.get(name), tensor, what));
        assertEquals(0, run("model", "remove", "x").exitCode());
        loaded++;
      } else {
        assertOneLine(run, what);
      }
      assertStoreIsEmpty(what);
    }
    assertTrue(loaded < 200, loaded + " of 400 were loaded");
  }

  private static void assertSame(TensorData expected, TensorData found, String what) {
    assertEquals(expected.info(), found.info(), what);
    assertEquals(expected.data(), found.data(), what);
  }
}
