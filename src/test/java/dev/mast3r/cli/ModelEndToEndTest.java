package dev.mast3r.cli;

import static dev.mast3r.testsupport.CommandRun.IMAGES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.mast3r.app.Environment;
import dev.mast3r.testsupport.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mast3r model} on a store of its own, with a tiny model of random weights. */
class ModelEndToEndTest {

  private static final Path CHECKPOINT = Path.of("testdata/golden/checkpoint-tiny/checkpoint.pth");
  private static final String LEFT = IMAGES.resolve("motorcycle_left.png").toString();
  private static final String RIGHT = IMAGES.resolve("motorcycle_right.png").toString();
  private static final String PUBLISHED = "MASt3R_ViTLarge_BaseDecoder_512_catmlpdpt_metric";

  @TempDir Path folder;

  /** An exported file has the engine's own products, so all runs here take them. */
  private CommandRun run(Object... args) {
    return CommandRun.in(
        new Environment(
            folder.resolve("store"),
            folder.resolve("none"),
            Path.of(System.getProperty("user.home"), ".cache/mast3r"),
            Optional.empty(),
            Optional.of("engine"),
            "17",
            "test"),
        "",
        args);
  }

  private void importTiny() {
    CommandRun run = run("model", "import", CHECKPOINT, "--name", "tiny");
    assertEquals(0, run.exitCode(), run.err());
  }

  /** Random descriptors match anywhere: all that counts is that two runs agree. */
  private CommandRun match(Object... model) {
    Object[] args = {"match", LEFT, RIGHT, "-q", "--size", 160, "--min-conf", 0};
    Object[] all = new Object[args.length + model.length];
    System.arraycopy(args, 0, all, 0, args.length);
    System.arraycopy(model, 0, all, args.length, model.length);
    return run(all);
  }

  @Test
  void importsListsVerifiesMatchesAndRemoves() {
    importTiny();

    assertTrue(run("model", "list").out().startsWith("* tiny "));
    assertTrue(run("model", "verify", "tiny").out().startsWith("tiny is whole: "));
    assertEquals(match("--model", CHECKPOINT).out(), match("--model", "tiny").out());
    assertTrue(match().outLines().size() > 10);

    assertEquals(0, run("model", "remove", "tiny").exitCode());
    assertEquals("", run("model", "list").out());
  }

  @Test
  void keepsWhatTheUserTellsOfAModel() {
    CommandRun run =
        run(
            "model",
            "import",
            CHECKPOINT,
            "--name",
            "half",
            "--precision",
            "fp16",
            "--licence",
            "CC0-1.0",
            "--origin",
            "made for tests");

    assertEquals(0, run.exitCode(), run.err());
    String info = run("model", "info", "half").out();
    assertTrue(info.contains("precision     fp16"), info);
    assertTrue(info.contains("licence       CC0-1.0"), info);
    assertTrue(info.contains("origin        made for tests"), info);
  }

  @Test
  void importsTheFileOfTheGivenHashAlone() {
    String right = "d".repeat(64);

    CommandRun run = run("model", "import", CHECKPOINT, "--sha256", right);

    assertEquals(4, run.exitCode());
    assertTrue(run.err().contains("expected SHA-256 " + right + ", found "), run.err());
    String found = run.err().strip().replaceFirst(".*found ", "");
    assertEquals(0, run("model", "import", CHECKPOINT, "--sha256", found).exitCode());
    assertEquals(2, run("model", "import", CHECKPOINT, "--sha256", "abc").exitCode());
  }

  @Test
  void saysWhyAModelCannotBeImportedOrRemoved() {
    importTiny();

    CommandRun twice = run("model", "import", CHECKPOINT, "--name", "tiny");
    assertEquals(4, twice.exitCode());
    assertTrue(twice.err().contains("there is a model of that name already"), twice.err());
    assertEquals(4, run("model", "import", folder.resolve("nowhere.pth")).exitCode());
    assertEquals(2, run("model", "import", CHECKPOINT, "--name", "../x").exitCode());
    assertEquals(2, run("model", "import", CHECKPOINT, "--precision", "int8").exitCode());
    assertEquals(4, run("model", "remove", "nobody").exitCode());
  }

  @Test
  void neverRemovesTheBundledModel() {
    CommandRun run = CommandRun.of("model", "remove", "mast3r-small");

    assertEquals(4, run.exitCode());
    assertTrue(run.err().contains("came with the program and stays"), run.err());
  }

  @Test
  void exportsOneFileWithCodeAndWeightsThatMatchesAlike() throws IOException {
    importTiny();
    Path script = folder.resolve("tiny.pt");
    CommandRun export = run("model", "export", "tiny", script);
    assertEquals(0, export.exitCode(), export.err());
    byte[] first = Files.readAllBytes(script);

    CommandRun trusted = match("--model", script, "--trust-code");

    assertEquals(0, trusted.exitCode(), trusted.err());
    assertEquals(match("--model", "tiny").out(), trusted.out());
    assertEquals(0, run("model", "export", "tiny", script).exitCode());
    assertArrayEquals(first, Files.readAllBytes(script));
  }

  @Test
  void executesNoCodeThatTheUserDoesNotTrust() {
    importTiny();
    Path script = folder.resolve("tiny.pt");
    assertEquals(0, run("model", "export", "tiny", script).exitCode());

    CommandRun match = match("--model", script);

    assertEquals(4, match.exitCode());
    assertEquals("", match.out());
    assertTrue(match.err().contains("TorchScript is code and would be executed"), match.err());
    assertTrue(match.err().contains("--trust-code"), match.err());
    CommandRun imported = run("model", "import", script);
    assertEquals(4, imported.exitCode());
    assertTrue(imported.err().contains("expected weights alone"), imported.err());
  }

  @Test
  void tellsOfTorchScriptWhatItSaysOfItselfAndVerifiesNone() {
    importTiny();
    Path script = folder.resolve("copy.pt");
    assertEquals(0, run("model", "export", "tiny", script).exitCode());

    CommandRun info = run("model", "info", script);

    assertEquals(0, info.exitCode(), info.err());
    assertEquals("name          tiny", info.outLines().get(0));
    assertTrue(info.out().contains("network       MASt3R 64 (dpt, 3 descriptor"), info.out());
    assertTrue(info.out().contains("code          TorchScript"), info.out());
    CommandRun verify = run("model", "verify", script);
    assertEquals(4, verify.exitCode());
    assertEquals(1, verify.errLines().size());
    assertTrue(verify.err().contains("copy.pt: TorchScript, of which nothing"), verify.err());
    assertTrue(verify.err().contains("verify the model that it was exported from"), verify.err());
  }

  @Test
  void refusesTorchScriptOfOtherProgramsEvenIfTrusted() throws IOException {
    Path foreign = folder.resolve("foreign.pt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(foreign))) {
      zip.putNextEntry(new ZipEntry("archive/constants.pkl"));
    }

    CommandRun run = match("--model", foreign, "--trust-code");

    assertEquals(4, run.exitCode());
    assertTrue(run.err().contains("TorchScript of another program"), run.err());
  }

  @Test
  void exportsWeightsThatCanBeUsedAndImportedAgain() {
    importTiny();
    Path copy = folder.resolve("copy");
    Path file = folder.resolve("single").resolve("weights.safetensors");
    assertTrue(file.getParent().toFile().mkdir());

    assertEquals(0, run("model", "export", "tiny", copy).exitCode());
    assertEquals(0, run("model", "export", "tiny", file).exitCode());

    String expected = match("--model", "tiny").out();
    assertEquals(expected, match("--model", copy).out());
    assertEquals(expected, match("--model", file).out());
    assertEquals(0, run("model", "import", copy).exitCode());
    assertTrue(run("model", "list").out().contains(" copy "));
    assertEquals(2, run("model", "export", "tiny", copy).exitCode());
    assertEquals(2, run("model", "export", "tiny", file).exitCode());
    assertEquals(2, run("model", "export", "tiny", folder.resolve("tiny.onnx")).exitCode());
    assertEquals(4, run("model", "export", "nobody", folder.resolve("nobody.pt")).exitCode());
  }

  @Test
  void pullsAPublishedModelOnlyOnceItsTermsAreAccepted() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] checkpoint = Files.readAllBytes(CHECKPOINT);
    server.createContext(
        "/" + PUBLISHED + ".pth",
        exchange -> {
          exchange.sendResponseHeaders(200, checkpoint.length);
          exchange.getResponseBody().write(checkpoint);
          exchange.close();
        });
    server.start();
    try {
      String address =
          "http://localhost:" + server.getAddress().getPort() + "/" + PUBLISHED + ".pth";

      CommandRun refused = run("model", "pull", address);
      assertEquals(2, refused.exitCode());
      assertTrue(refused.err().contains("CC BY-NC-SA 4.0"), refused.err());
      assertTrue(refused.err().contains("Map-free"), refused.err());
      assertTrue(refused.errLines().get(1).contains("--accept-licence"), refused.err());
      assertFalse(Files.exists(folder.resolve("store")));

      CommandRun pulled = run("model", "pull", address, "--accept-licence");
      assertEquals(0, pulled.exitCode(), pulled.err());
      assertEquals("", pulled.out());
      assertTrue(pulled.err().contains("mast3r: downloaded "), pulled.err());
      String info = run("model", "info", PUBLISHED).out();
      assertTrue(info.contains("metric        yes"), info);
      assertTrue(info.contains("licence       CC-BY-NC-SA-4.0"), info);
      assertTrue(info.contains("origin        " + address), info);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void namesThePublishedModelsWhereOneIsUnknown() {
    CommandRun byName = run("model", "pull", PUBLISHED);
    assertEquals(2, byName.exitCode());
    CommandRun unknown = run("model", "pull", "mast4r");
    assertEquals(4, unknown.exitCode());
    assertTrue(unknown.err().contains(PUBLISHED), unknown.err());
    assertEquals(2, run("model", "pull", "ftp://host/model.pth").exitCode());
    assertEquals(List.of(), run("model", "list").outLines());
  }
}
