package dev.mast3r.cli;

import static dev.mast3r.testsupport.CommandRun.IMAGES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.CommandRun;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --fine} on a rectified pair: right matches lie in the same row, whatever the scale. */
class FineEndToEndTest {

  private static final Path LEFT = IMAGES.resolve("motorcycle_left.png");
  private static final Path RIGHT = IMAGES.resolve("motorcycle_right.png");

  @TempDir Path folder;

  /** Writes a photo at another width. */
  private Path scaled(Path photo, int width) throws IOException {
    BufferedImage image = ImageIO.read(photo.toFile());
    int height = Math.round((float) image.getHeight() * width / image.getWidth());
    BufferedImage target = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = target.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    Path file = folder.resolve(width + "_" + photo.getFileName());
    ImageIO.write(target, "png", file.toFile());
    return file;
  }

  private static List<double[]> rows(CommandRun run) {
    assertEquals(0, run.exitCode(), run.err());
    return run.outLines().stream()
        .skip(1)
        .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  /** Rows are compared at the scale of the photos divided by the two scales. */
  private static double shareInTheSameRow(
      List<double[]> rows, double scaleA, double scaleB, double tolerance) {
    return rows.stream()
            .filter(row -> Math.abs(row[1] / scaleA - row[3] / scaleB) <= tolerance)
            .count()
        / (double) rows.size();
  }

  @Test
  void findsMoreMatchesOnWindowsAndStillInTheSameRows() throws IOException {
    Path left = scaled(LEFT, 370);
    Path right = scaled(RIGHT, 370);

    List<double[]> coarse = rows(CommandRun.of("match", "-q", "--size", 256, left, right));
    CommandRun run = CommandRun.of("match", "--size", 256, "--fine", left, right);

    List<double[]> fine = rows(run);
    assertTrue(fine.size() > 1.2 * coarse.size(), fine.size() + ", coarse " + coarse.size());
    assertTrue(
        shareInTheSameRow(fine, 1, 1, 3) >= 0.5, () -> shareInTheSameRow(fine, 1, 1, 3) + "");
    assertTrue(
        fine.stream().anyMatch(row -> row[0] > 320) && fine.stream().anyMatch(r -> r[0] < 50));
    assertTrue(
        fine.stream().allMatch(row -> row[0] >= 0 && row[0] < 370 && row[2] >= 0 && row[2] < 370));
  }

  @Test
  void shrinksEnlargedPhotosToTheLongSideAskedFor() throws IOException {
    Path left = scaled(LEFT, 1482);

    CommandRun run =
        CommandRun.of(
            "match",
            "-q",
            "--size",
            256,
            "--fine",
            "--fine-max",
            370,
            "--max-matches",
            300,
            left,
            scaled(RIGHT, 1482));

    List<double[]> fine = rows(run);
    assertEquals(300, fine.size());
    assertTrue(fine.stream().anyMatch(row -> row[0] > 1280 && row[1] > 500));
    assertTrue(shareInTheSameRow(fine, 4, 4, 3) >= 0.5);
  }

  @Test
  void matchesALargePhotoWithASmallOne() throws IOException {
    Path left = scaled(LEFT, 370);
    Path right = scaled(RIGHT, 185);

    List<double[]> fine = rows(CommandRun.of("match", "-q", "--size", 256, "--fine", left, right));

    assertTrue(fine.stream().allMatch(row -> row[2] < 185));
    assertTrue(shareInTheSameRow(fine, 2, 1, 3) >= 0.5);
  }

  @Test
  void leavesPhotosThatTheNetworkSeesWholeAsTheyAre() throws IOException {
    Path left = scaled(LEFT, 240);
    Path right = scaled(RIGHT, 240);

    assertEquals(
        CommandRun.of("match", "--size", 256, left, right).out(),
        CommandRun.of("match", "--size", 256, "--fine", left, right).out());
  }

  @Test
  void givesThePoseOfMatchesOnWindows() throws IOException {
    CommandRun run =
        CommandRun.of(
            "pose",
            "--size",
            256,
            "--fine=windows",
            scaled(LEFT, 370),
            scaled(RIGHT, 370),
            "--format",
            "csv");

    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.outLines().get(1).contains(",true,"), run.out());
  }

  @Test
  void estimatesAPoseFromRefinedMatchesUnlessToldOtherwise() {
    String refined = pose("--fine=local");

    assertEquals(refined, pose());
    assertNotEquals(refined, pose("--fine=off"));
  }

  @Test
  void leavesSiftsMatchesAsTheyAreForAPose() {
    assertEquals(pose("--matcher=sift", "--fine=off"), pose("--matcher=sift"));
  }

  private static String pose(Object... options) {
    List<Object> arguments =
        new ArrayList<>(List.of("pose", LEFT, RIGHT, "--size", 256, "--format", "tum"));
    arguments.addAll(List.of(options));
    CommandRun run = CommandRun.of(arguments.toArray());
    assertEquals(0, run.exitCode(), run.err());
    return run.out();
  }

  /** Writes a part of a photo. */
  private Path cut(Path photo, int left, int top, int width, int height) throws IOException {
    BufferedImage image = ImageIO.read(photo.toFile());
    Path file = folder.resolve(left + "_" + top + ".png");
    ImageIO.write(image.getSubimage(left, top, width, height), "png", file.toFile());
    return file;
  }

  private static double medianError(List<double[]> rows, double shiftX, double shiftY) {
    double[] errors =
        rows.stream()
            .mapToDouble(row -> Math.hypot(row[2] - row[0] - shiftX, row[3] - row[1] - shiftY))
            .sorted()
            .toArray();
    return errors[errors.length / 2];
  }

  /** Two parts of one photo; a network pixel is five of its. */
  @Test
  void movesMatchesToWhereThePhotosAgree() throws IOException {
    Path photo = IMAGES.resolve("cincinnati-bridge.jpg");
    Path a = cut(photo, 0, 0, 1280, 940);
    Path b = cut(photo, 13, 7, 1280, 940);

    List<double[]> coarse = rows(CommandRun.of("match", "-q", "--size", 256, a, b));
    List<double[]> local = rows(CommandRun.of("match", "-q", "--size", 256, "--fine=local", a, b));

    assertEquals(coarse.size(), local.size());
    double before = medianError(coarse, -13, -7);
    double after = medianError(local, -13, -7);
    assertTrue(after < 0.1 * before, after + " px, coarse " + before);
  }

  @Test
  void movesMatchesByLessThanANetworkPixelWithoutTheNetwork() throws IOException {
    Path maps = folder.resolve("maps.npz");
    assertEquals(
        0, CommandRun.of("reconstruct", "--size", 256, LEFT, RIGHT, "-o", maps).exitCode());

    List<double[]> coarse = rows(CommandRun.of("match", "--maps", maps));
    CommandRun run = CommandRun.of("match", "--maps", maps, "--fine=local");

    List<double[]> local = rows(run);
    assertEquals(coarse.size(), local.size());
    double networkPixel = 741.0 / 256;
    int moved = 0;
    for (int i = 0; i < local.size(); i++) {
      for (int k = 0; k < 4; k++) {
        double by = Math.abs(coarse.get(i)[k] - local.get(i)[k]);
        assertTrue(by <= 0.5 * networkPixel + 1e-6, "row " + i + " moved by " + by);
        moved += by > 1e-6 ? 1 : 0;
      }
    }
    assertTrue(moved > local.size(), moved + " coordinates moved");
  }

  @Test
  void refusesWhatFineCannotDo() {
    assertUsage(
        "needs the network", CommandRun.of("match", "--fine", LEFT, RIGHT, "--matcher", "sift"));
    assertUsage("need the photos", CommandRun.of("match", "--fine", "--maps", "maps.npz"));
    assertUsage("together with '--fine'", CommandRun.of("match", "--fine-max", 900, LEFT, RIGHT));
    assertUsage("at least 1 pixel", CommandRun.of("pose", "--fine", "--fine-max", 0, LEFT, RIGHT));
    assertUsage("did you mean 'local'", CommandRun.of("match", "--fine=lokal", LEFT, RIGHT));
  }

  private static void assertUsage(String part, CommandRun run) {
    assertEquals(2, run.exitCode(), run.err());
    assertEquals(1, run.errLines().size(), run.err());
    assertTrue(run.err().contains("--fine") && run.err().contains(part), run.err());
  }
}
