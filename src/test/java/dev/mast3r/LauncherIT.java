package dev.mast3r;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application, as a process of its own. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {

  private static final Path LEFT = Path.of("testdata/images/motorcycle_left.png");
  private static final Path RIGHT = Path.of("testdata/images/motorcycle_right.png");

  @TempDir Path folder;

  private static final Path VALIDATION = Path.of("testdata/validation/pairs.txt");
  private static final Path BASELINE = Path.of("testdata/validation/baseline.json");

  private record Run(int exitCode, String out, String err) {}

  private Run mast3r(Object... args) throws IOException, InterruptedException {
    Process process = start(args);
    int code = process.waitFor();
    return new Run(
        code,
        Files.readString(folder.resolve("out"), StandardCharsets.UTF_8),
        Files.readString(folder.resolve("err"), StandardCharsets.UTF_8));
  }

  private Process start(Object... args) throws IOException {
    List<String> command = new ArrayList<>();
    try (Stream<Path> found = Files.walk(Path.of("target"), 4)) {
      command.add(
          found.filter(file -> file.endsWith("bin/mast3r")).findFirst().orElseThrow().toString());
    }
    Stream.of(args).map(Object::toString).forEach(command::add);
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  @Test
  void matchesARealPairWithTheBundledModel() throws Exception {
    Path drawing = folder.resolve("matches.png");

    Run run = mast3r("match", LEFT, RIGHT, "--viz", drawing);

    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().startsWith("x_a,y_a,x_b,y_b,confidence\n"));
    assertTrue(run.out().lines().count() > 100);
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(Files.size(drawing) > 10_000);
  }

  /**
   * After a change that is meant to change the figures, write the baseline anew as {@code
   * testdata/README.md} says, and commit it with the change.
   */
  @Test
  void isNoWorseThanTheBaselineOnTheValidationSet() throws Exception {
    Run run = mast3r("eval", "pairs", VALIDATION, "--baseline", BASELINE, "-q");

    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertEquals(8, run.out().lines().count(), run.out());
    assertEquals("", run.err());
  }

  @Test
  void aNetworkThatSeesTooLittleIsARegression() throws Exception {
    Run run = mast3r("eval", "pairs", VALIDATION, "--baseline", BASELINE, "-q", "--size", 96);

    assertEquals(7, run.exitCode(), run.out() + run.err());
    assertTrue(run.err().startsWith("mast3r: regression: "), run.err());
  }

  @Test
  void tellsItsVersion() throws Exception {
    Run run = mast3r("--version");

    assertEquals(0, run.exitCode());
    assertTrue(run.out().matches("mast3r \\d+\\.\\d+\\.\\d+.*\\R"), run.out());
  }

  @Test
  void handsTheExitCodeOnAndKeepsToOneLine() throws Exception {
    Run run = mast3r("match", LEFT, "nowhere.jpg");

    assertEquals(3, run.exitCode());
    assertEquals(
        List.of("mast3r: nowhere.jpg: no such file"),
        run.err().lines().filter(line -> !line.contains(": model ")).toList());
  }

  @Test
  void tellsOfADamagedWebpInOneLineThoughTheDecoderWritesItsOwn() throws Exception {
    byte[] webp = Files.readAllBytes(Path.of("testdata/golden/decode/lossy.webp"));
    // the length of the first partition: more than there is
    webp[21] = (byte) 0xff;
    webp[22] = (byte) 0xff;
    Path damaged = Files.write(folder.resolve("damaged.webp"), webp);

    Run run = mast3r("match", "-q", damaged, RIGHT);

    assertEquals(3, run.exitCode());
    assertEquals("mast3r: " + damaged + ": damaged WebP image\n", run.err());
  }

  @Test
  void goesOnAfterAKillAtAnyMoment() throws Exception {
    Path list =
        Files.writeString(
            folder.resolve("list.txt"),
            (LEFT.toAbsolutePath() + " " + RIGHT.toAbsolutePath() + "\n").repeat(8));
    Path poses = folder.resolve("poses.csv");
    Path journal = folder.resolve("poses.csv.journal");
    List<Object> command =
        List.of("pose", "--pairs", list, "-o", poses, "--matcher", "sift", "--cache", 0);

    Process first = start(command.toArray());
    while (first.isAlive() && (!Files.exists(journal) || lines(journal) < 3)) {
      Thread.sleep(20);
    }
    first.destroyForcibly().waitFor();
    assertFalse(Files.exists(poses), "the table of an unfinished list");
    long finished = lines(journal) - 1;

    List<Object> again = new ArrayList<>(command);
    again.add("--resume");
    Run run = mast3r(again.toArray());

    assertEquals(0, run.exitCode(), run.err());
    assertTrue(finished >= 2 && finished < 8, finished + " finished pairs");
    assertTrue(run.err().startsWith(finished + " of 8 pairs are finished already\n"), run.err());
    assertEquals(9, lines(poses));
    assertEquals(1, Files.readAllLines(poses).stream().skip(1).distinct().count());
    assertFalse(Files.exists(journal));
  }

  /** Whole lines alone: the last one may be on its way. */
  private static long lines(Path file) throws IOException {
    return Files.readString(file).chars().filter(c -> c == '\n').count();
  }
}
