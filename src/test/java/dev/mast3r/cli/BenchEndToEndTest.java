package dev.mast3r.cli;

import static dev.mast3r.testsupport.CommandRun.IMAGES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.mast3r.app.Environment;
import dev.mast3r.testsupport.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code mast3r bench} with a tiny model of random weights. */
class BenchEndToEndTest {

  private static final String MODEL = "testdata/golden/checkpoint-tiny/checkpoint.pth";
  private static final List<String> STAGES =
      List.of("decode", "resize", "encode", "decoders", "heads", "transfer", "match", "pose");

  @Test
  void measuresEveryStageOfPhotosAsOneJsonObject() {
    CommandRun run =
        CommandRun.of(
            "bench",
            IMAGES.resolve("motorcycle_left.png"),
            IMAGES.resolve("motorcycle_right.png"),
            "--model",
            MODEL,
            "--size",
            64,
            "--runs",
            3,
            "--json");

    assertEquals(0, run.exitCode(), run.err());
    JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
    assertEquals("checkpoint", report.get("model").getAsString());
    assertEquals("cpu", report.get("device").getAsString());
    assertEquals("64x40", report.get("network_a").getAsString());
    assertEquals(3, report.get("runs").getAsInt());
    List<String> names = new ArrayList<>();
    double network = 0;
    for (JsonElement element : report.getAsJsonArray("stages")) {
      JsonObject stage = element.getAsJsonObject();
      names.add(stage.get("name").getAsString());
      double median = stage.get("median_s").getAsDouble();
      assertTrue(stage.get("min_s").getAsDouble() <= median, stage.toString());
      assertTrue(median <= stage.get("max_s").getAsDouble(), stage.toString());
      network += stage.get("gflop").isJsonNull() ? 0 : stage.get("gflop").getAsDouble();
    }
    assertEquals(STAGES, names);
    assertEquals(report.get("gflop").getAsDouble(), network, 1e-5 * network);
    assertTrue(report.get("share_of_gemm").getAsDouble() > 0);
  }

  @Test
  void makesUpAPairWhereNoneIsGiven() {
    CommandRun run = CommandRun.of("bench", "--model", MODEL, "--size", 64, "--runs", 1, "-q");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.err());
    assertTrue(
        run.outLines().get(0).startsWith("checkpoint on cpu, fp32, "), run.outLines().get(0));
    for (String stage : STAGES) {
      assertTrue(run.outLines().stream().anyMatch(line -> line.startsWith(stage + " ")), stage);
    }
  }

  @Test
  void takesTheLibraryOfProductsThatTheEnvironmentNames() {
    CommandRun run =
        CommandRun.in(
            withProducts("engine"),
            "",
            "bench",
            "--model",
            MODEL,
            "--size",
            64,
            "--runs",
            1,
            "--json");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        "engine",
        JsonParser.parseString(run.out()).getAsJsonObject().get("products").getAsString());

    CommandRun wrong = CommandRun.in(withProducts("mkl"), "", "bench", "--model", MODEL);
    assertEquals(2, wrong.exitCode());
    assertTrue(
        wrong.err().contains("MAST3R_PRODUCTS: expected engine or onednn, found 'mkl'"),
        wrong.err());
  }

  private static Environment withProducts(String products) {
    return new Environment(
        Path.of("target/no-such-store"),
        Path.of("models"),
        Path.of(System.getProperty("user.home"), ".cache/mast3r"),
        Optional.empty(),
        Optional.of(products),
        "17",
        "test");
  }

  @Test
  void refusesHalfAPairAndNoRuns() {
    assertEquals(2, CommandRun.of("bench", "one.png").exitCode());
    assertEquals(2, CommandRun.of("bench", "--runs", 0).exitCode());
    assertEquals(2, CommandRun.of("bench", "--matcher", "sift").exitCode());
    assertEquals(2, CommandRun.of("bench", "--fine").exitCode());
    assertEquals(2, CommandRun.of("bench", "--fine=local").exitCode());
    assertEquals(3, CommandRun.of("bench", "no.png", "such.png", "--model", MODEL).exitCode());
  }
}
