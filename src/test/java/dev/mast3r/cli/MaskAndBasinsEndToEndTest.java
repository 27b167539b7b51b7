package dev.mast3r.cli;

import static dev.mast3r.testsupport.CommandRun.IMAGES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.CommandRun;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --mask-a}, {@code --mask-b}, {@code --symmetric}, {@code --kernel}, {@code --basins}. */
class MaskAndBasinsEndToEndTest {

  private static final Path LEFT = IMAGES.resolve("motorcycle_left.png");
  private static final Path RIGHT = IMAGES.resolve("motorcycle_right.png");
  private static final int WIDTH = 741;
  private static final int HEIGHT = 500;

  @TempDir Path folder;

  /** Writes a mask that is black but for the columns {@code from .. to - 1}. */
  private Path columns(String name, int width, int from, int to) throws IOException {
    BufferedImage mask = new BufferedImage(width, HEIGHT, BufferedImage.TYPE_BYTE_BINARY);
    Graphics2D graphics = mask.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(from, 0, to - from, HEIGHT);
    graphics.dispose();
    Path file = folder.resolve(name);
    ImageIO.write(mask, "png", file.toFile());
    return file;
  }

  private static List<double[]> rows(CommandRun run) {
    assertEquals(0, run.exitCode(), run.err());
    return run.outLines().stream()
        .skip(1)
        .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  @Test
  void matchesNothingThatIsBlackInAMask() throws IOException {
    Path maskA = columns("a.png", WIDTH, 100, 500);
    Path maskB = columns("b.png", WIDTH, 0, 300);

    for (String matcher : List.of("mast3r", "sift")) {
      List<double[]> rows =
          rows(
              CommandRun.of(
                  "match",
                  "-q",
                  LEFT,
                  RIGHT,
                  "--matcher",
                  matcher,
                  "--mask-a",
                  maskA,
                  "--mask-b",
                  maskB));

      assertTrue(rows.size() > 50, rows.size() + " matches");
      for (double[] row : rows) {
        assertTrue(row[0] > 99.4 && row[0] < 499.6, "x_a " + row[0]);
        assertTrue(row[2] < 299.6, "x_b " + row[2]);
      }
    }
  }

  @Test
  void aMaskThatIsWhiteChangesNothing() throws IOException {
    Path white = columns("white.png", WIDTH, 0, WIDTH);

    assertEquals(
        CommandRun.of("match", LEFT, RIGHT).out(),
        CommandRun.of("match", LEFT, RIGHT, "--mask-a", white, "--mask-b", white).out());
  }

  /** What the mask hides can no longer attract the pixels that it shows. */
  @Test
  void masksBeforeItSearches() throws IOException {
    Path maskB = columns("b.png", WIDTH, 0, 300);

    Set<String> filtered = new HashSet<>();
    for (double[] row : rows(CommandRun.of("match", "-q", LEFT, RIGHT))) {
      if (row[2] < 299.6) {
        filtered.add(row[0] + " " + row[1]);
      }
    }
    long others =
        rows(CommandRun.of("match", "-q", LEFT, RIGHT, "--mask-b", maskB)).stream()
            .filter(row -> !filtered.contains(row[0] + " " + row[1]))
            .count();

    assertTrue(others > 50, others + " matches that filtering would not have found");
  }

  @Test
  void windowsOfFullResolutionKeepToTheMaskToo() throws IOException {
    Path maskA = columns("a.png", WIDTH, 100, 500);

    List<double[]> rows =
        rows(CommandRun.of("match", "-q", LEFT, RIGHT, "--size", 512, "--fine", "--mask-a", maskA));

    assertTrue(rows.size() > 50, rows.size() + " matches");
    assertTrue(rows.stream().allMatch(row -> row[0] > 99.4 && row[0] < 499.6));
  }

  /** A match of the network's pixels may end half of one beyond the mask's edge, and no farther. */
  @Test
  void refinementOnThePhotosKeepsToTheMaskToo() throws IOException {
    int stripe = 12;
    BufferedImage mask = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_BINARY);
    Graphics2D graphics = mask.createGraphics();
    graphics.setColor(Color.WHITE);
    for (int x = 0; x < WIDTH; x += 2 * stripe) {
      graphics.fillRect(x, 0, stripe, HEIGHT);
    }
    graphics.dispose();
    Path stripes = folder.resolve("stripes.png");
    ImageIO.write(mask, "png", stripes.toFile());

    List<double[]> rows =
        rows(CommandRun.of("match", "-q", LEFT, RIGHT, "--fine=local", "--mask-b", stripes));

    assertTrue(rows.size() > 50, rows.size() + " matches");
    double halfPixel = WIDTH / 448.0 / 2;
    for (double[] row : rows) {
      double inPeriod = (row[2] + 0.5) % (2 * stripe);
      double beyond = Math.min(inPeriod - stripe, 2 * stripe - inPeriod);
      assertTrue(beyond <= halfPixel, row[2] + " is " + beyond + " px beyond a stripe");
    }
  }

  @Test
  void aPoseIsTakenFromWhatTheMaskShows() throws IOException {
    Path maskA = columns("a.png", WIDTH, 100, 500);

    CommandRun all = CommandRun.of("pose", "-q", LEFT, RIGHT, "--format", "csv");
    CommandRun part =
        CommandRun.of("pose", "-q", LEFT, RIGHT, "--format", "csv", "--mask-a", maskA);

    assertEquals(0, part.exitCode(), part.err());
    assertTrue(matches(part) < matches(all), part.out() + all.out());
  }

  private static int matches(CommandRun run) {
    List<String> header = List.of(run.outLines().get(0).split(",", -1));
    return Integer.parseInt(run.outLines().get(1).split(",", -1)[header.indexOf("matches")]);
  }

  @Test
  void refusesAMaskOfAnotherSizeAndOneThatIsMissing() throws IOException {
    Path narrow = columns("narrow.png", 700, 0, 700);

    CommandRun run = CommandRun.of("match", "-q", LEFT, RIGHT, "--mask-b", narrow);
    CommandRun missing = CommandRun.of("match", "-q", LEFT, RIGHT, "--mask-a", "nowhere.png");

    assertEquals(3, run.exitCode());
    assertEquals(
        List.of(
            "mast3r: "
                + narrow
                + ": expected a mask of the photo's 741 x 500 pixels, found 700 x 500"),
        run.errLines());
    assertEquals(3, missing.exitCode());
    assertTrue(missing.err().contains("nowhere.png: no such file"), missing.err());
  }

  @Test
  void refusesWhatDoesNotGoTogether() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "a.png b.png\n");

    assertUsage(
        "option '--mask-a': expected two images, found a list",
        CommandRun.of("match", "--pairs", list, "-o", folder, "--mask-a", "m.png"));
    assertUsage(
        "option '--mask-b': expected two images, found a list",
        CommandRun.of("pose", "--pairs", list, "--mask-b", "m.png"));
    assertUsage(
        "option '--mask-a': expected two images, found saved maps",
        CommandRun.of("match", "--maps", "maps.npz", "--mask-a", "m.png"));
    assertUsage(
        "option '--basins': expected two images or maps, found a list",
        CommandRun.of("match", "--pairs", list, "-o", folder, "--basins", "b.png"));
    assertUsage(
        "option '--basins': needs the network, sift has no basins",
        CommandRun.of("match", LEFT, RIGHT, "--matcher", "sift", "--basins", "b.png"));
    assertUsage(
        "option '--basins': expected a name that ends in .png, found 'b.jpg'",
        CommandRun.of("match", LEFT, RIGHT, "--basins", "b.jpg"));
  }

  private static void assertUsage(String message, CommandRun run) {
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.errLines().get(0).startsWith("mast3r: " + message), run.err());
  }

  /** Matches from A's seeds stay, those from B's are added; all are mutual either way. */
  @Test
  void symmetricMatchingAddsWhatStartsInTheOtherImage() {
    Object[] all = {"match", "-q", LEFT, RIGHT, "--max-matches", 100000};
    Set<String> fromA = new HashSet<>(CommandRun.of(all).outLines());
    CommandRun run =
        CommandRun.of("match", "-q", LEFT, RIGHT, "--max-matches", 100000, "--symmetric");

    Set<String> fromBoth = new HashSet<>(run.outLines());
    assertTrue(fromBoth.containsAll(fromA));
    assertEquals(run.outLines().size(), fromBoth.size());
    assertTrue(fromBoth.size() > 1.2 * fromA.size(), fromBoth.size() + ", A " + fromA.size());
  }

  @Test
  void theKernelDoesNotChangeTheResult() {
    assertEquals(
        CommandRun.of("match", LEFT, RIGHT, "--kernel", "scalar").out(),
        CommandRun.of("match", LEFT, RIGHT, "--kernel", "auto").out());
    assertEquals(2, CommandRun.of("match", LEFT, RIGHT, "--kernel", "cuda").exitCode());
  }

  @Test
  void drawsBasinsInColoursAroundWhiteMatches() throws IOException {
    Path png = folder.resolve("basins.png");

    CommandRun run = CommandRun.of("match", "-q", "--size", 192, LEFT, RIGHT, "--basins", png);

    assertEquals(0, run.exitCode(), run.err());
    BufferedImage picture = ImageIO.read(png.toFile());
    assertTrue(picture.getWidth() >= 1000 && picture.getWidth() % 192 == 0);
    Set<Integer> colours = new HashSet<>();
    int side = picture.getWidth() / 192;
    int white = 0;
    for (int y = 0; y < picture.getHeight(); y += side) {
      for (int x = 0; x < picture.getWidth(); x += side) {
        int colour = picture.getRGB(x, y) & 0xffffff;
        colours.add(colour);
        white += colour == 0xffffff ? 1 : 0;
      }
    }
    assertTrue(white > 1000, white + " matches");
    assertTrue(colours.size() > 1000, colours.size() + " colours");
  }
}
