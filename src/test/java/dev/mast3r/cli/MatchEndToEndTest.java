package dev.mast3r.cli;

import static dev.mast3r.testsupport.CommandRun.IMAGES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mast3r match} on real photos with the bundled model. */
class MatchEndToEndTest {

  private static final Path LEFT = IMAGES.resolve("motorcycle_left.png");
  private static final Path RIGHT = IMAGES.resolve("motorcycle_right.png");

  @TempDir Path folder;

  @Test
  void printsTheMostConfidentMatchesFirstInOriginalPixels() {
    CommandRun run = CommandRun.of("match", LEFT, RIGHT);

    assertEquals(0, run.exitCode(), run.err());
    assertEquals("x_a,y_a,x_b,y_b,confidence", run.outLines().get(0));
    List<double[]> rows = rows(run.out());
    assertTrue(rows.size() >= 100, rows.size() + " matches");
    double last = Double.POSITIVE_INFINITY;
    for (double[] row : rows) {
      assertTrue(row[0] >= 0 && row[0] <= 740 && row[1] >= 0 && row[1] <= 499);
      assertTrue(row[2] >= 0 && row[2] <= 740 && row[3] >= 0 && row[3] <= 499);
      assertTrue(row[4] <= last);
      last = row[4];
    }
    assertEquals(1, run.errLines().size());
    assertTrue(run.err().startsWith("mast3r: model mast3r-small"), run.err());
  }

  /** The pair is rectified: a right match lies in the same row. */
  @Test
  void findsMostMatchesOnTheirEpipolarLine() {
    List<double[]> rows = rows(CommandRun.of("match", "-q", LEFT, RIGHT).out());

    long right = rows.stream().filter(row -> Math.abs(row[1] - row[3]) <= 6).count();
    assertTrue(right >= 0.5 * rows.size(), right + " of " + rows.size());
  }

  @Test
  void givesTheSameBytesForAnyNumberOfMatcherThreads() {
    Path maps = folder.resolve("maps.npz");
    assertEquals(0, CommandRun.of("reconstruct", LEFT, RIGHT, "-o", maps).exitCode());

    String one = CommandRun.of("match", "--maps", maps, "--threads", 1).out();

    assertEquals(one, CommandRun.of("match", "--maps", maps, "--threads", 3).out());
    assertFalse(one.isEmpty());
  }

  @Test
  void matchesSavedMapsAsItMatchesThePhotos() {
    Path maps = folder.resolve("maps.npz");
    assertEquals(0, CommandRun.of("reconstruct", LEFT, RIGHT, "-o", maps).exitCode());

    assertEquals(
        CommandRun.of("match", LEFT, RIGHT).out(), CommandRun.of("match", "--maps", maps).out());
  }

  @Test
  void writesEveryFormatAndThePicture() throws IOException {
    for (String name : List.of("m.csv", "m.json", "m.npz", "m.ply")) {
      Path file = folder.resolve(name);
      Path drawing = folder.resolve(name + ".png");

      CommandRun run = CommandRun.of("match", LEFT, RIGHT, "-o", file, "--viz", drawing);

      assertEquals(0, run.exitCode(), run.err());
      assertEquals("", run.out());
      assertTrue(Files.size(file) > 1000, name);
      BufferedImage picture = ImageIO.read(drawing.toFile());
      assertTrue(picture.getWidth() > 1400 && picture.getHeight() > 450);
    }
  }

  @Test
  void writesAnInteractivePageOfThePair() throws IOException {
    Path page = folder.resolve("pair.html");

    CommandRun run = CommandRun.of("match", LEFT, RIGHT, "--report", page, "--seed", 7);

    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().startsWith("x_a,y_a,x_b,y_b,confidence\n"));
    String html = Files.readString(page);
    assertTrue(html.startsWith("<!DOCTYPE html>") && html.endsWith("</html>\n"));
    assertTrue(html.contains("motorcycle_left.png and motorcycle_right.png"));
    assertTrue(html.contains("<td>mast3r-small</td>"));
    assertTrue(html.contains("<th scope=\"row\">--seed</th><td>7</td>"));
    assertTrue(html.contains("\"has_pose\":false"));
    int count = run.outLines().size() - 1;
    assertTrue(html.contains("\"total\":" + count), count + " matches");
  }

  @Test
  void leavesAnOlderPageAloneWhenThePairFails() throws IOException {
    Path page = Files.writeString(folder.resolve("pair.html"), "old");

    CommandRun run = CommandRun.of("match", LEFT, folder.resolve("no.png"), "--report", page);

    assertEquals(3, run.exitCode(), run.err());
    assertEquals("old", Files.readString(page));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(page), files.toList());
    }
  }

  @Test
  void makesThePageOfSavedMapsToo() throws IOException {
    Path maps = folder.resolve("maps.npz");
    Path page = folder.resolve("maps.html");
    assertEquals(0, CommandRun.of("reconstruct", LEFT, RIGHT, "-o", maps).exitCode());

    CommandRun run = CommandRun.of("match", "--maps", maps, "--report", page);

    assertEquals(0, run.exitCode(), run.err());
    assertTrue(Files.readString(page).contains("maps.npz (A)"));
  }

  @Test
  void keepsNoMoreMatchesThanAskedFor() {
    CommandRun run = CommandRun.of("match", LEFT, RIGHT, "--max-matches", 40);

    assertEquals(41, run.outLines().size());
  }

  @Test
  void takesSizeConfidenceAndSubsample() {
    int coarse = CommandRun.of("match", LEFT, RIGHT, "--subsample", 16).outLines().size();
    int usual = CommandRun.of("match", LEFT, RIGHT).outLines().size();
    int sure = CommandRun.of("match", LEFT, RIGHT, "--min-conf", 1.5).outLines().size();
    CommandRun small = CommandRun.of("match", LEFT, RIGHT, "--size", 192);

    assertTrue(coarse < usual, coarse + " of " + usual);
    assertTrue(sure < usual, sure + " of " + usual);
    assertEquals(0, small.exitCode(), small.err());
    assertTrue(small.outLines().size() < usual);
  }

  @Test
  void matchesByTheClassicalBaselineToo() {
    CommandRun run = CommandRun.of("match", "--matcher", "sift", LEFT, RIGHT);

    List<double[]> rows = rows(run.out());
    long right = rows.stream().filter(row -> Math.abs(row[1] - row[3]) <= 3).count();
    assertTrue(rows.size() >= 300 && right >= 0.8 * rows.size(), right + " of " + rows.size());
    assertEquals("", run.err());
  }

  @Test
  void worksThroughAListAndSaysWhichPairFailed() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(
        list,
        LEFT.toAbsolutePath()
            + " "
            + RIGHT.toAbsolutePath()
            + "\n"
            + LEFT.toAbsolutePath()
            + " nowhere.png\n");
    Path out = folder.resolve("out");

    CommandRun run = CommandRun.of("match", "--pairs", list, "-o", out, "--matcher", "sift");

    assertEquals(6, run.exitCode(), run.err());
    assertTrue(run.err().contains("nowhere.png: no such file"), run.err());
    assertTrue(Files.size(out.resolve("000001_motorcycle_left_motorcycle_right.csv")) > 1000);
    List<String> table = Files.readAllLines(out.resolve("pairs.csv"));
    assertEquals("image_a,image_b,file,matches,reason", table.get(0));
    assertTrue(table.get(2).endsWith("no such file"), table.get(2));
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(2, files.count());
    }
  }

  /** Pairs of two shapes, one of them bad: the files are those of single calls. */
  @Test
  void sendsPairsOfEqualShapesThroughTheNetworkTogether() throws IOException {
    Path other = IMAGES.resolve("leuvenA.jpg").toAbsolutePath();
    Path list = folder.resolve("list.txt");
    String left = LEFT.toAbsolutePath().toString();
    String right = RIGHT.toAbsolutePath().toString();
    Files.writeString(
        list,
        String.join(
            "\n",
            left + " " + right,
            left + " nowhere.png",
            other + " " + right,
            right + " " + left,
            left + " " + right));
    Path alone = folder.resolve("alone");
    Path together = folder.resolve("together");
    Object[] usual = {"match", "--pairs", list, "--size", 160, "--format", "json", "-o"};

    CommandRun one = CommandRun.of(concat(usual, alone));
    CommandRun batch = CommandRun.of(concat(usual, together, "--batch", 4));

    assertEquals(6, one.exitCode(), one.err());
    assertEquals(6, batch.exitCode(), batch.err());
    assertEquals(1, batch.errLines().stream().filter(l -> l.contains("no such file")).count());
    List<String> table = Files.readAllLines(together.resolve("pairs.csv"));
    assertTrue(table.get(2).endsWith("no such file"), table.get(2));
    List<String> expected = Files.readAllLines(alone.resolve("pairs.csv"));
    for (int row : new int[] {1, 3, 4, 5}) {
      String[] of = table.get(row).split(",", -1);
      assertEquals(expected.get(row).split(",", -1)[2], of[2]);
      int matches = Integer.parseInt(expected.get(row).split(",", -1)[3]);
      // rounding may turn a near tie
      assertEquals(matches, Integer.parseInt(of[3]), 0.02 * matches + 2, table.get(row));
    }
    assertEquals(2, CommandRun.of(concat(usual, together, "--batch", 0)).exitCode());
    assertEquals(2, CommandRun.of(concat(usual, together, "--batch", "many")).exitCode());
    assertEquals(6, CommandRun.of(concat(usual, together, "--batch", "auto")).exitCode());
  }

  private static Object[] concat(Object[] first, Object... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray();
  }

  private static List<double[]> rows(String csv) {
    return csv.lines()
        .skip(1)
        .map(line -> Stream.of(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }
}
