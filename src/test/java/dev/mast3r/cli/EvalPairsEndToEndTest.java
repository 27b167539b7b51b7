package dev.mast3r.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.mast3r.testsupport.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mast3r eval pairs} on two rendered rooms of which everything is known. */
class EvalPairsEndToEndTest {

  private static final Path ROOMS = Path.of("testdata/rendered/pairs.txt");

  @TempDir Path folder;

  private CommandRun eval(Object... more) {
    return CommandRun.of(
        Stream.concat(Stream.of("eval", "pairs", ROOMS, "--matcher", "sift", "-q"), Stream.of(more))
            .toArray());
  }

  private Path newBaseline() {
    Path file = folder.resolve("baseline.json");
    CommandRun run = eval("--baseline", file, "--update-baseline");
    assertEquals(0, run.exitCode(), run.err());
    return file;
  }

  /** Replaces the value of a figure of a baseline file. */
  private static void edit(Path file, String figure, double value) throws IOException {
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    json.getAsJsonObject("figures").getAsJsonObject(figure).addProperty("value", value);
    Files.writeString(file, new GsonBuilder().create().toJson(json));
  }

  @Test
  void measuresPosesAndMatches() throws IOException {
    Path table = folder.resolve("errors.csv");

    CommandRun run = eval("-o", table);

    assertEquals(0, run.exitCode(), run.err());
    assertTrue(
        run.out()
            .matches(
                "pairs 2, failed 0, AUC@5 \\d+\\.\\d, AUC@10 \\d+\\.\\d, AUC@20 \\d+\\.\\d, median pose error"
                    + " \\d+\\.\\d\\d deg, median match error 0\\.\\d\\d px, within 3 px \\d+\\.\\d %\\R"),
        run.out());
    List<String> rows = Files.readAllLines(table);
    assertEquals(
        "image_a,image_b,success,reason,rot_err_deg,trans_err_deg,pose_err_deg,centre_err_m,matches,inliers,"
            + "match_err_px,near_matches,focal_err_a,focal_err_b",
        rows.get(0));
    assertEquals(3, rows.size());
    double medianPx = Double.parseDouble(rows.get(1).split(",", -1)[10]);
    assertTrue(medianPx > 0 && medianPx < 1, rows.get(1));
  }

  @Test
  void measuresFocalLengthsToo() throws IOException {
    Path table = folder.resolve("errors.csv");

    CommandRun run = eval("--unknown-cameras", "-o", table);

    assertEquals(0, run.exitCode(), run.err());
    double[] off =
        Files.readAllLines(table).stream()
            .skip(1)
            .flatMap(row -> Stream.of(row.split(",", -1)).skip(12))
            .mapToDouble(Double::parseDouble)
            .sorted()
            .toArray();
    assertEquals(4, off.length);
    assertTrue(off[0] > 0, run.out());
    String printed = run.out().replaceAll("(?s).*, median focal error ([0-9.]+) %\\R", "$1");
    assertEquals(100 * (off[1] + off[2]) / 2, Double.parseDouble(printed), 0.06);
  }

  @Test
  void leavesFocalErrorsOutOfPosesByTheListsIntrinsics() throws IOException {
    Path table = folder.resolve("errors.csv");

    CommandRun run = eval("-o", table);

    assertFalse(run.out().contains("focal"), run.out());
    assertTrue(Files.readAllLines(table).get(1).endsWith(",,"));
  }

  @Test
  void theSameResultIsNoRegression() throws IOException {
    Path baseline = newBaseline();
    String before = Files.readString(baseline);

    CommandRun run = eval("--baseline", baseline);

    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertEquals(7, run.outLines().stream().filter(line -> line.endsWith(": unchanged")).count());
    assertEquals("", run.err());
    assertEquals(before, Files.readString(baseline));
  }

  @Test
  void aBetterResultIsNoRegression() throws IOException {
    Path baseline = newBaseline();
    edit(baseline, "auc20", 3);
    edit(baseline, "median_match_error_px", 50);

    CommandRun run = eval("--baseline", baseline);

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(2, run.outLines().stream().filter(line -> line.endsWith(": better")).count());
  }

  @Test
  void aWorseResultIsARegressionAndSaysWhatFell() throws IOException {
    Path baseline = newBaseline();
    edit(baseline, "matches_within_3px", 150);
    edit(baseline, "median_match_error_px", 0.01);

    CommandRun run = eval("--baseline", baseline);

    assertEquals(7, run.exitCode());
    List<String> errors = run.errLines();
    assertEquals(2, errors.size(), run.err());
    assertTrue(
        errors
            .get(0)
            .matches(
                "mast3r: regression: median_match_error_px rose from 0\\.0100 to 0\\.\\d{4}, allowed is 0\\.0010"),
        run.err());
    assertTrue(
        errors
            .get(1)
            .matches(
                "mast3r: regression: matches_within_3px fell from 150\\.0000 to \\d+\\.\\d{4}, allowed is 1\\.0000"),
        run.err());
    assertEquals(2, run.outLines().stream().filter(line -> line.endsWith("REGRESSION")).count());
  }

  @Test
  void aWorseResultMayBeWrittenAsTheNewBaseline() throws IOException {
    Path baseline = newBaseline();
    edit(baseline, "auc20", 100);

    CommandRun run = eval("--baseline", baseline, "--update-baseline");

    assertEquals(0, run.exitCode());
    assertEquals(0, eval("--baseline", baseline).exitCode());
    JsonObject json = JsonParser.parseString(Files.readString(baseline)).getAsJsonObject();
    assertEquals("sift", json.getAsJsonObject("made_with").get("model").getAsString());
    assertEquals(2, json.get("items").getAsInt());
  }

  @Test
  void aPairThatFailsCountsAndDoesNotStopTheRest() throws IOException {
    Path list = folder.resolve("list.txt");
    String line = Files.readAllLines(ROOMS).get(1);
    String[] words = line.split(" ", -1);
    Path root = ROOMS.getParent().toAbsolutePath();
    Files.writeString(
        list,
        line.replace(words[0], "nowhere.png")
            + "\n"
            + line.replace(words[0], root.resolve(words[0]).toString())
                .replace(" " + words[1], " " + root.resolve(words[1])));
    Path baseline = folder.resolve("b.json");

    CommandRun run = CommandRun.of("eval", "pairs", list, "--matcher", "sift", "-q");
    assertEquals(6, run.exitCode(), run.err());
    assertTrue(run.out().startsWith("pairs 2, failed 1, "), run.out());

    CommandRun.of(
        "eval",
        "pairs",
        list,
        "--matcher",
        "sift",
        "-q",
        "--baseline",
        baseline,
        "--update-baseline");
    assertEquals(
        0,
        CommandRun.of("eval", "pairs", list, "--matcher", "sift", "-q", "--baseline", baseline)
            .exitCode());
  }

  @Test
  void goesOnAfterAnInterruptionToTheSameFigures() throws IOException {
    Path whole = folder.resolve("whole.csv");
    Path resumed = folder.resolve("resumed.csv");
    Path journal = folder.resolve("resumed.csv.journal");
    String figures = eval("-o", whole).out();
    // a run that cannot write its output leaves what it has finished
    Files.createDirectory(resumed);
    assertEquals(3, eval("-o", resumed).exitCode());
    Files.delete(resumed);
    Files.write(journal, Files.readAllLines(journal).subList(0, 2));

    CommandRun run = eval("-o", resumed, "--resume");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(figures, run.out());
    assertEquals(-1, Files.mismatch(whole, resumed));
    assertFalse(Files.exists(journal));
    assertEquals(2, eval("--resume").exitCode());
  }

  @Test
  void refusesABadBaselineBeforeAnyWork() throws IOException {
    Path baseline = newBaseline();
    Path missing = folder.resolve("none.json");

    CommandRun none = eval("--baseline", missing);
    assertEquals(3, none.exitCode());
    assertEquals(
        List.of("mast3r: " + missing + ": no such baseline; --update-baseline writes it anew"),
        none.errLines());
    assertFalse(Files.exists(missing));

    Files.writeString(baseline, Files.readString(baseline).replace("\"items\": 2", "\"items\": 3"));
    CommandRun other = eval("--baseline", baseline);
    assertEquals(3, other.exitCode());
    assertEquals("", other.out());
    assertEquals(
        List.of("mast3r: " + baseline + ": items: expected 2, as in this run, found 3"),
        other.errLines());

    assertEquals(2, eval("--update-baseline").exitCode());
  }
}
