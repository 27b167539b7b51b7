package dev.mast3r.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.CommandRun;
import dev.mast3r.testsupport.TestData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mast3r eval mapfree} on two rendered rooms laid out as scenes of the data set, their one
 * query standing there seven times: the benchmark asks for the first and the sixth.
 */
class EvalMapFreeEndToEndTest {

  private static final Path ROOMS = Path.of("testdata/rendered");
  private static final List<String> SCENES = List.of("room0", "room1");
  private static final int FRAMES = 7;

  @TempDir Path folder;
  private Path dataset;

  @BeforeEach
  void makeTheDataSet() throws IOException {
    dataset = Files.createDirectories(folder.resolve("dataset/val")).getParent();
    for (String name : SCENES) {
      Path from = ROOMS.resolve(name);
      Path scene = dataset.resolve("val").resolve(name);
      Files.createDirectories(scene.resolve("seq0"));
      Files.createDirectories(scene.resolve("seq1"));
      Files.copy(from.resolve("seq0/frame_00000.png"), scene.resolve("seq0/frame_00000.png"));
      for (int i = 0; i < FRAMES; i++) {
        Files.copy(from.resolve("seq1/frame_00000.png"), scene.resolve(query(i)));
      }
      for (String table : List.of("intrinsics.txt", "poses.txt")) {
        List<String> lines = new ArrayList<>(Files.readAllLines(from.resolve(table)));
        String ofQuery = lines.remove(2);
        for (int i = 0; i < FRAMES; i++) {
          lines.add(ofQuery.replace("seq1/frame_00000.png", query(i)));
        }
        Files.write(scene.resolve(table), lines);
      }
    }
  }

  private static String query(int i) {
    return "seq1/frame_0000" + i + ".png";
  }

  private CommandRun eval(Object... more) {
    return CommandRun.of(
        Stream.concat(
                Stream.of("eval", "mapfree", dataset, "--matcher", "sift", "-q"), Stream.of(more))
            .toArray());
  }

  /** Writes a submission of the true poses of the given scenes. */
  private Path truths(String... scenes) throws IOException {
    Path file = folder.resolve("truths.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String scene : scenes) {
        zip.putNextEntry(new ZipEntry("pose_" + scene + ".txt"));
        for (String line : Files.readAllLines(dataset.resolve("val/" + scene + "/poses.txt"))) {
          if (line.startsWith("seq1")) {
            zip.write((line + " 1\n").getBytes(StandardCharsets.UTF_8));
          }
        }
        zip.closeEntry();
      }
    }
    return file;
  }

  private static List<String> lines(Path zip, String name) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      return new String(
              file.getInputStream(file.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }

  @Test
  void estimatesEveryFifthQueryAndWritesASubmission() throws IOException {
    Path submission = folder.resolve("submission.zip");
    Path table = folder.resolve("errors.csv");

    CommandRun run = eval("--submission", submission, "-o", table);

    assertEquals(0, run.exitCode(), run.err());
    List<String> out = run.outLines();
    assertTrue(out.get(0).startsWith("room0: frames 2, missing 0, median error "), out.get(0));
    assertEquals("scenes 2, frames 4, estimates for 100.0 % of frames", out.get(2));
    assertEquals(7, out.size());
    List<String> lines = lines(submission, "pose_room1.txt");
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("seq1/frame_00000.png "), lines.get(0));
    assertTrue(lines.get(1).startsWith("seq1/frame_00005.png "), lines.get(1));
    assertEquals(9, lines.get(1).split(" ", -1).length);
    List<String> rows = Files.readAllLines(table);
    assertEquals(5, rows.size());
    double rotationDeg = Double.parseDouble(rows.get(1).split(",", -1)[5]);
    assertTrue(rotationDeg < 1, rows.get(1));
    assertFalse(Files.exists(folder.resolve("submission.zip.journal")));
    // the same figures come out of the file
    assertEquals(out, CommandRun.of("eval", "mapfree", dataset, "--poses", submission).outLines());
  }

  @Test
  void truePosesHaveNoError() throws IOException {
    CommandRun run = CommandRun.of("eval", "mapfree", dataset, "--poses", truths("room0", "room1"));

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        List.of(
            "room0: frames 2, missing 0, median error 0.00 m, 0.00 deg, VCRE 0.00 px",
            "room1: frames 2, missing 0, median error 0.00 m, 0.00 deg, VCRE 0.00 px",
            "scenes 2, frames 4, estimates for 100.0 % of frames",
            "average median error 0.00 m, 0.00 deg, VCRE 0.00 px",
            "VCRE < 90 px: precision 100.0 %, AUC 1.000",
            "VCRE < 45 px: precision 100.0 %, AUC 1.000",
            "pose error < 0.25 m, 5 deg: precision 100.0 %, AUC 1.000"),
        run.outLines());
  }

  @Test
  void aSceneThatIsNotSubmittedCountsWithAllItsFrames() throws IOException {
    CommandRun run = CommandRun.of("eval", "mapfree", dataset, "--poses", truths("room0"));

    assertEquals(6, run.exitCode());
    assertEquals(
        "room1: frames 7, missing 7, median error - m, - deg, VCRE - px", run.outLines().get(1));
    assertEquals("scenes 2, frames 9, estimates for 22.2 % of frames", run.outLines().get(2));
    assertEquals("VCRE < 90 px: precision 22.2 %, AUC 0.222", run.outLines().get(4), run.out());
    assertTrue(run.err().endsWith(": expected pose_room1.txt, found none\n"), run.err());
  }

  @Test
  void anUnreadableQueryDoesNotStopTheRest() throws IOException {
    Files.writeString(dataset.resolve("val/room0/" + query(5)), "no image");
    Path submission = folder.resolve("submission.zip");
    Path table = folder.resolve("errors.csv");

    CommandRun run = eval("--submission", submission, "-o", table);

    assertEquals(6, run.exitCode(), run.err());
    assertTrue(run.outLines().get(0).startsWith("room0: frames 2, missing 1, "), run.out());
    assertEquals(1, lines(submission, "pose_room0.txt").size());
    assertTrue(Files.readAllLines(table).get(2).contains(",false,"), Files.readString(table));
  }

  @Test
  void goesOnAfterAnInterruptionWithoutRepeatingAnything() throws IOException {
    Path whole = folder.resolve("whole.zip");
    Path resumed = folder.resolve("resumed.zip");
    Path journal = folder.resolve("resumed.zip.journal");
    eval("--submission", whole);
    // a run that cannot write its output leaves what it has finished
    Files.createDirectory(resumed);
    assertEquals(3, eval("--submission", resumed).exitCode());
    Files.delete(resumed);
    List<String> finished = Files.readAllLines(journal);
    assertEquals(5, finished.size());
    Files.write(journal, finished.subList(0, 3));
    Files.writeString(dataset.resolve("val/room0/" + query(0)), "not read again");

    CommandRun run = eval("--submission", resumed, "--resume");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(-1, Files.mismatch(whole, resumed));
    assertFalse(Files.exists(journal));
  }

  @Test
  void scenesWithoutTruthGiveASubmissionOnly() throws IOException {
    for (String scene : SCENES) {
      Path poses = dataset.resolve("val/" + scene + "/poses.txt");
      Files.writeString(
          poses, Files.readString(poses).replaceAll("(?m)^(seq1\\S+).*$", "$1 0 0 0 0 0 0 0"));
    }
    Path submission = folder.resolve("submission.zip");

    CommandRun run = eval("--submission", submission);

    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(2, lines(submission, "pose_room0.txt").size());
    assertEquals(2, eval().exitCode());
    assertEquals(
        2, eval("--submission", submission, "--baseline", folder.resolve("b.json")).exitCode());
  }

  @Test
  void holdsItsFiguresToABaseline() throws IOException {
    Path baseline = folder.resolve("baseline.json");
    Path both = truths("room0", "room1");

    assertEquals(
        0,
        CommandRun.of(
                "eval",
                "mapfree",
                dataset,
                "--poses",
                both,
                "--baseline",
                baseline,
                "--update-baseline")
            .exitCode());
    CommandRun same =
        CommandRun.of("eval", "mapfree", dataset, "--poses", both, "--baseline", baseline);
    CommandRun worse =
        CommandRun.of(
            "eval", "mapfree", dataset, "--poses", truths("room1"), "--baseline", baseline);

    assertEquals(0, same.exitCode(), same.err());
    assertEquals(7, worse.exitCode());
    assertTrue(
        worse.err().contains("regression: vcre90_precision fell from 100.0000 to 22.2222"),
        worse.err());
  }

  @Test
  void refusesOptionsThatMakeNoSense() {
    assertEquals(2, eval("--every", 0).exitCode());
    assertEquals(2, eval("--resume").exitCode());
    assertEquals(2, eval("--poses", "a.zip", "--submission", "b.zip").exitCode());
    assertEquals(3, CommandRun.of("eval", "mapfree", folder.resolve("nowhere")).exitCode());
    assertEquals(3, CommandRun.of("eval", "mapfree", folder).exitCode());
  }

  @Test
  void measuresPhotographsInTheLayoutOfTheDataSet() {
    Path photographs = TestData.folder().resolve("mapfree-layout");

    CommandRun run =
        CommandRun.of("eval", "mapfree", photographs, "--every", 1, "--matcher", "sift", "-q");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals("scenes 2, frames 9, estimates for 100.0 % of frames", run.outLines().get(2));
  }
}
