package dev.mast3r.cli;

import static dev.mast3r.testsupport.CommandRun.IMAGES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.app.Environment;
import dev.mast3r.model.EngineInfo;
import dev.mast3r.testsupport.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong is told in one line and by the exit code. */
class ErrorEndToEndTest {

  private static final Path GOOD = IMAGES.resolve("leuvenA.jpg");

  @TempDir Path folder;

  private static void assertOneLine(int exitCode, String part, CommandRun run) {
    assertEquals(exitCode, run.exitCode(), run.err());
    assertEquals("", run.out());
    long lines = run.errLines().stream().filter(line -> !line.contains(": model ")).count();
    assertEquals(1, lines, run.err());
    assertTrue(run.err().contains("mast3r: ") && run.err().contains(part), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  private static CommandRun matchWith(Path image) {
    return CommandRun.of("match", GOOD, image);
  }

  @Test
  void aMissingFile() {
    assertOneLine(3, "nowhere.jpg: no such file", matchWith(folder.resolve("nowhere.jpg")));
  }

  @Test
  void aTextFileNamedJpg() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "This is no photo.\n");

    assertOneLine(3, "text.jpg", matchWith(text));
  }

  @Test
  void aTruncatedJpeg() throws IOException {
    byte[] whole = Files.readAllBytes(GOOD);
    Path half = folder.resolve("half.jpg");
    Files.write(half, java.util.Arrays.copyOf(whole, whole.length / 2));

    assertOneLine(3, "half.jpg", matchWith(half));
  }

  @Test
  void anImageOfOnePixel() throws IOException {
    Path dot = folder.resolve("dot.png");
    ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", dot.toFile());

    assertOneLine(3, "expected at least 16 pixels a side, found 1 x 1", matchWith(dot));
  }

  @Test
  void aHeaderThatAsksForTooMuch() throws IOException {
    ByteBuffer png = ByteBuffer.allocate(8 + 25);
    png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    png.putInt(13).put(new byte[] {'I', 'H', 'D', 'R'}).putInt(60000).putInt(60000);
    png.put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(png.array(), 12, 17);
    png.putInt((int) crc.getValue());
    Path huge = folder.resolve("huge.png");
    Files.write(huge, png.array());

    assertOneLine(3, "60000 x 60000", matchWith(huge));
  }

  @Test
  void aDamagedModel() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    Files.copy(Path.of("models/mast3r-small/config.json"), model.resolve("config.json"));
    Files.write(model.resolve("model.safetensors"), new byte[1000]);

    assertOneLine(4, "model.safetensors", CommandRun.of("match", "--model", model, GOOD, GOOD));
  }

  @Test
  void aModelThatIsNotThere() {
    assertOneLine(
        4, "no-such-model", CommandRun.of("match", "--model", "no-such-model", GOOD, GOOD));
  }

  @Test
  void anUnknownOption() {
    assertOneLine(
        2, "did you mean '--subsample'?", CommandRun.of("match", "--subsampel", "3", GOOD, GOOD));
  }

  @Test
  void anUnknownCommand() {
    assertOneLine(2, "did you mean 'match'?", CommandRun.of("mach", GOOD, GOOD));
  }

  @Test
  void badValues() {
    assertOneLine(2, "--subsample", CommandRun.of("match", "--subsample", "many", GOOD, GOOD));
    assertOneLine(2, "subsample", CommandRun.of("match", "--subsample", "0", GOOD, GOOD));
    assertOneLine(2, "--threads", CommandRun.of("match", "--threads", "0", GOOD, GOOD));
    assertOneLine(2, "--intrinsics-a", CommandRun.of("pose", "--intrinsics-a", "1,2", GOOD, GOOD));
    assertOneLine(2, "--size", CommandRun.of("match", "--size", "big", GOOD, GOOD));
    assertOneLine(2, "--min-conf", CommandRun.of("match", "--min-conf", "high", GOOD, GOOD));
    assertOneLine(2, "threshold", CommandRun.of("pose", "--threshold", "-1", GOOD, GOOD));
    assertOneLine(2, "--device", CommandRun.of("match", "--device", "tpu", GOOD, GOOD));
    assertOneLine(2, ".xyz", CommandRun.of("match", GOOD, GOOD, "-o", folder.resolve("m.xyz")));
    assertOneLine(
        2, "existing folder", CommandRun.of("match", GOOD, GOOD, "-o", folder.resolve("no/m.csv")));
    assertOneLine(2, "expected two images", CommandRun.of("match", GOOD));
    assertOneLine(
        2,
        "'--matcher': expected mast3r or sift, found 'sfit'; did you mean 'sift'?",
        CommandRun.of("match", "--matcher", "sfit", GOOD, GOOD));
    assertOneLine(
        2, "json, csv, mapfree or tum", CommandRun.of("pose", "--format", "xml", GOOD, GOOD));
    assertOneLine(
        2, "expected a whole number", CommandRun.of("match", "--seed", "1.5", GOOD, GOOD));
    assertOneLine(
        2, "'--max-matches': expected at", CommandRun.of("match", "--max-matches", 0, GOOD, GOOD));
    assertOneLine(2, "'--confidence':", CommandRun.of("pose", "--confidence", "2", GOOD, GOOD));
    assertOneLine(
        2, "a finite number", CommandRun.of("match", "--min-conf", "Infinity", GOOD, GOOD));
    assertOneLine(2, ".html", CommandRun.of("match", GOOD, GOOD, "--report", "page.txt"));
    assertOneLine(
        2, "--viz", CommandRun.of("match", "--pairs", "l.txt", "-o", "o", "--viz", "v.png"));
    assertOneLine(2, "'--resume'", CommandRun.of("match", "--resume", GOOD, GOOD));
    assertOneLine(2, "'--resume'", CommandRun.of("pose", "--pairs", "l.txt", "--resume"));
    assertOneLine(2, "'--root'", CommandRun.of("pose", "--root", ".", GOOD, GOOD));
    assertOneLine(2, "'--format'", CommandRun.of("match", "--format", "json", GOOD, GOOD));
    assertOneLine(2, "--report", CommandRun.of("pose", "--pairs", "l.txt", "--report", "p.html"));
  }

  @Test
  void aDeviceThatIsNotThere() {
    assertOneLine(8, "cuda", CommandRun.of("match", "--device", "cuda:7", GOOD, GOOD));
    if (EngineInfo.probe().gpus().isEmpty()) {
      assertOneLine(8, "no device cuda: ", CommandRun.of("match", "--device", "cuda", GOOD, GOOD));
    }
  }

  @Test
  void aMalformedList() throws IOException {
    Path list = Files.writeString(folder.resolve("list.txt"), "a.jpg b.jpg\na.jpg b.jpg 1 2 3\n");

    assertOneLine(3, "list.txt:2:", CommandRun.of("pose", "--pairs", list, "--matcher", "sift"));
  }

  @ParameterizedTest
  @CsvSource({"No space left on device, 3", "Broken pipe, 0"})
  void resultsThatCannotBeWrittenAreAnErrorUnlessNobodyWantsThem(String reason, int exitCode) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException(reason);
          }
        };
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            InputStream.nullInputStream(), new ResultStream(full), new PrintWriter(err), false);

    int code =
        CommandTree.run(new String[] {"completion"}, console, Environment.of(Map.of(), Map.of()));

    assertEquals(exitCode, code);
    assertEquals(
        exitCode == 0 ? "" : "mast3r: cannot write standard output: " + reason,
        err.toString().strip());
  }

  @Test
  void printsTheStackOnlyWhenAsked() {
    CommandRun run = CommandRun.of("match", "-v", GOOD, folder.resolve("nowhere.jpg"));

    assertEquals(3, run.exitCode());
    assertTrue(run.err().contains("\tat "), run.err());
  }
}
