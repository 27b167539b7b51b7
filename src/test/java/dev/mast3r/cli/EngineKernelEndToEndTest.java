package dev.mast3r.cli;

import static dev.mast3r.testsupport.CommandRun.IMAGES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.CommandRun;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --kernel engine} on real photos: the bytes of {@code --kernel vector}, on a CPU. */
class EngineKernelEndToEndTest {

  private static final Path LEFT = IMAGES.resolve("motorcycle_left.png");
  private static final Path RIGHT = IMAGES.resolve("motorcycle_right.png");

  @TempDir Path folder;

  private static CommandRun run(String kernel, Object... command) {
    List<Object> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("-q", "--kernel", kernel));
    CommandRun run = CommandRun.of(words.toArray());
    assertEquals(0, run.exitCode(), run.err());
    return run;
  }

  private static String same(Object... command) {
    String expected = run("vector", command).out();
    assertEquals(expected, run("engine", command).out());
    return expected;
  }

  @Test
  void findsTheSameMatchesAtTheDefaultSize() {
    assertTrue(same("match", LEFT, RIGHT).lines().count() > 1500);
    assertTrue(
        same("match", IMAGES.resolve("leuvenA.jpg"), IMAGES.resolve("leuvenB.jpg")).lines().count()
            > 1000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--symmetric",
        "--subsample 3",
        "--max-matches 150",
        "--min-conf 1.5",
        "--fine=local",
        "--fine",
        "--fine --symmetric",
        "--size 160 --subsample 1"
      })
  void obeysTheOptionsOfMatching(String options) {
    List<Object> command = new ArrayList<>(List.of("match", LEFT, RIGHT));
    if (!options.contains("--size")) {
      command.addAll(List.of("--size", 256));
    }
    command.addAll(List.of(options.split(" ")));

    assertTrue(same(command.toArray()).lines().count() > 50);
  }

  private Path mask(String name, int from, int to) throws IOException {
    BufferedImage mask = new BufferedImage(741, 500, BufferedImage.TYPE_BYTE_BINARY);
    Graphics2D graphics = mask.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(from, 0, to - from, 400);
    graphics.dispose();
    Path file = folder.resolve(name);
    ImageIO.write(mask, "png", file.toFile());
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"--symmetric", "--fine"})
  void obeysMasks(String option) throws IOException {
    Path a = mask("a.png", 100, 600);
    Path b = mask("b.png", 0, 500);

    String matches =
        same("match", LEFT, RIGHT, "--size", 256, option, "--mask-a", a, "--mask-b", b);

    assertTrue(matches.lines().count() > 50);
  }

  @Test
  void refusesAMaskOfAnotherSizeThanItsPhotos() throws IOException {
    Path mask = folder.resolve("small.png");
    ImageIO.write(new BufferedImage(74, 50, BufferedImage.TYPE_BYTE_BINARY), "png", mask.toFile());

    CommandRun run =
        CommandRun.of("match", "-q", LEFT, RIGHT, "--kernel", "engine", "--mask-a", mask);

    assertEquals(3, run.exitCode());
    assertTrue(run.err().contains("741 x 500"), run.err());
  }

  @Test
  void bringsDownTheMapsThatAreDrawnOrWritten() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (String kernel : List.of("vector", "engine")) {
      Path basins = folder.resolve(kernel + "-basins.png");
      Path cloud = folder.resolve(kernel + ".ply");
      run(kernel, "match", LEFT, RIGHT, "--size", 160, "--basins", basins, "-o", cloud);
      files.add(Files.readAllBytes(basins));
      files.add(Files.readAllBytes(cloud));
    }
    assertArrayEquals(files.get(0), files.get(2));
    assertArrayEquals(files.get(1), files.get(3));
  }

  @Test
  void matchesSavedMapsToo() {
    Path maps = folder.resolve("maps.npz");
    CommandRun saved = CommandRun.of("reconstruct", "-q", LEFT, RIGHT, "--size", 160, "-o", maps);
    assertEquals(0, saved.exitCode(), saved.err());

    assertTrue(same("match", "--maps", maps, "--subsample", 4).lines().count() > 50);
  }

  @Test
  void givesTheSamePosesOneByOneAndInBatches() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(
        list,
        String.join(
            "\n",
            LEFT.toAbsolutePath() + " " + RIGHT.toAbsolutePath(),
            RIGHT.toAbsolutePath() + " " + LEFT.toAbsolutePath(),
            LEFT.toAbsolutePath() + " " + IMAGES.resolve("chelsea.png").toAbsolutePath()));
    Path file = folder.resolve("poses.csv");
    for (String batch : List.of("1", "2")) {
      List<String> tables = new ArrayList<>();
      for (String kernel : List.of("vector", "engine")) {
        CommandRun run =
            CommandRun.of(
                "pose",
                "-q",
                "--pairs",
                list,
                "--size",
                256,
                "--batch",
                batch,
                "-o",
                file,
                "--kernel",
                kernel);
        assertTrue(run.exitCode() == 0 || run.exitCode() == 6, run.err());
        tables.add(Files.readString(file));
      }
      assertEquals(tables.get(0), tables.get(1));
    }
  }

  @Test
  void isMeasuredByBench() {
    CommandRun run = run("engine", "bench", LEFT, RIGHT, "--size", 128, "--runs", 1);
    assertTrue(run.out().contains("match"), run.out());
  }
}
