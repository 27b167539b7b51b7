package dev.mast3r.cli;

import static dev.mast3r.testsupport.CommandRun.IMAGES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lists in SuperGlue's layout whose images lie on their side: the stereo pair with its right photo
 * turned clockwise, as by a camera held sideways, so that one counter-clockwise turn puts it up.
 */
class TurnedListEndToEndTest {

  private static final int WIDTH = 741;
  private static final int HEIGHT = 500;
  private static final String K_LEFT = "994.978 0 311.193 0 994.978 254.877 0 0 1";

  /** For a point (x, y, z) the sideways camera sees (-y, x, z), at pixel (499 - y, x). */
  private static final String K_SIDEWAYS =
      "994.978 0 " + (HEIGHT - 1 - 254.877) + " 0 994.978 342.279 0 0 1";

  /** The right camera is 0.193 m to the right; its frame is turned with it. */
  private static final String SIDEWAYS_FROM_LEFT = "0 -1 0 0  1 0 0 -0.193  0 0 1 0  0 0 0 1";

  @TempDir Path folder;
  private Path list;

  @BeforeEach
  void writeTheList() throws IOException {
    BufferedImage right = ImageIO.read(IMAGES.resolve("motorcycle_right.png").toFile());
    BufferedImage sideways =
        new BufferedImage(/* width= */ HEIGHT, /* height= */ WIDTH, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        sideways.setRGB(HEIGHT - 1 - y, x, right.getRGB(x, y));
      }
    }
    ImageIO.write(sideways, "png", folder.resolve("sideways.png").toFile());
    Files.copy(IMAGES.resolve("motorcycle_left.png"), folder.resolve("left.png"));
    list =
        Files.writeString(
            folder.resolve("pairs.txt"),
            "left.png sideways.png 0 1 "
                + K_LEFT
                + " "
                + K_SIDEWAYS
                + " "
                + SIDEWAYS_FROM_LEFT
                + "\n");
  }

  private List<double[]> matches(Object... more) throws IOException {
    Path out = folder.resolve("out");
    Object[] args =
        Stream.concat(Stream.of("match", "-q", "--pairs", list, "-o", out), Stream.of(more))
            .toArray();
    CommandRun run = CommandRun.of(args);
    assertEquals(0, run.exitCode(), run.err());
    return Files.readAllLines(out.resolve("000001_left_sideways.csv")).stream()
        .skip(1)
        .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  /** The pair is rectified: row y of the left photo is column 499 - y of the sideways one. */
  private static long onTheirEpipolarLine(List<double[]> matches, double px) {
    return matches.stream().filter(m -> Math.abs(HEIGHT - 1 - m[1] - m[2]) <= px).count();
  }

  @Test
  void theNetworkSeesThemUprightAndMatchesAreOfTheImagesAsTheyStand() throws IOException {
    List<double[]> matches = matches();

    assertTrue(matches.size() >= 100, matches.size() + " matches");
    assertTrue(onTheirEpipolarLine(matches, 6) >= 0.5 * matches.size());
    assertTrue(matches.stream().allMatch(m -> m[2] < HEIGHT && m[3] < WIDTH));
  }

  @Test
  void matchesAsManyAsOfTheUprightPair() throws IOException {
    int sideways = matches().size();
    Files.writeString(
        list,
        "left.png "
            + IMAGES.resolve("motorcycle_right.png").toAbsolutePath()
            + " 0 0 "
            + K_LEFT
            + " 994.978 0 342.279 0 994.978 254.877 0 0 1"
            + " 1 0 0 -0.193  0 1 0 0  0 0 1 0  0 0 0 1\n");
    Path out = folder.resolve("upright");
    assertEquals(0, CommandRun.of("match", "-q", "--pairs", list, "-o", out).exitCode());
    int upright = Files.readAllLines(out.resolve("000001_left_motorcycle_right.csv")).size() - 1;

    assertEquals(upright, sideways);
  }

  @Test
  void posesAreBetweenTheCamerasOfTheList() {
    for (String matcher : List.of("sift", "mast3r")) {
      CommandRun run = CommandRun.of("pose", "-q", "--pairs", list, "--matcher", matcher);

      assertEquals(0, run.exitCode(), run.err());
      String[] row = run.outLines().get(1).split(",", -1);
      // 90 degrees about the optical axis, t along -y
      assertEquals(Math.sqrt(0.5), Double.parseDouble(row[5]), 0.02, run.out());
      assertEquals(Math.sqrt(0.5), Double.parseDouble(row[8]), 0.02, run.out());
      assertTrue(Double.parseDouble(row[10]) < -0.97, run.out());
    }
  }

  @Test
  void errorsAreThoseAgainstTheListsTruth() {
    CommandRun run = CommandRun.of("eval", "pairs", "-q", list, "--matcher", "sift");

    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().matches("(?s)pairs 1, failed 0, AUC@5 [5-9].*"), run.out());
  }
}
