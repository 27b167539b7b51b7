package dev.mast3r.output;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A benchmark as one JSON object: {@code model, device, precision, products, threads, network_a,
 * network_b, runs, load_s, stages, pair_s, gflop, gflop_per_s, gemm_gflop_per_s, share_of_gemm,
 * peak_rss_mb}; each stage has {@code name, median_s, min_s, max_s, gflop, gflop_per_s}. What is
 * not known is null.
 */
public final class JsonBenchmark {

  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;

  private JsonBenchmark() {}

  /** Returns the object, without a line end. */
  public static String line(BenchmarkReport report) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      write(json, report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonWriter json, BenchmarkReport report) throws IOException {
    json.beginObject();
    json.name("model").value(report.model());
    json.name("device").value(report.device());
    json.name("precision").value(report.precision());
    json.name("products").value(report.products());
    json.name("threads").value(report.threads());
    json.name("network_a").value(report.networkA());
    json.name("network_b").value(report.networkB());
    json.name("runs").value(report.runs());
    seconds(json, "load_s", report.loadSeconds());
    json.name("stages").beginArray();
    for (BenchmarkReport.Stage stage : report.stages()) {
      json.beginObject();
      json.name("name").value(stage.name());
      seconds(json, "median_s", stage.median());
      seconds(json, "min_s", stage.min());
      seconds(json, "max_s", stage.max());
      number(json, "gflop", known(stage.operations()).map(count -> count / GIGA));
      number(json, "gflop_per_s", stage.flops().map(flops -> flops / GIGA));
      json.endObject();
    }
    json.endArray();
    seconds(json, "pair_s", report.pairSeconds());
    number(json, "gflop", known(report.operations()).map(count -> count / GIGA));
    number(json, "gflop_per_s", report.flops().map(flops -> flops / GIGA));
    number(json, "gemm_gflop_per_s", Optional.of(report.gemmFlops() / GIGA));
    number(json, "share_of_gemm", report.shareOfGemm());
    number(json, "peak_rss_mb", known(report.peakBytes()).map(bytes -> bytes / MEGA));
    json.endObject();
  }

  private static Optional<Double> known(OptionalLong value) {
    return value.isPresent() ? Optional.of((double) value.getAsLong()) : Optional.empty();
  }

  private static void seconds(JsonWriter json, String name, double value) throws IOException {
    json.name(name).jsonValue(Decimal.JSON.seconds(value));
  }

  private static void number(JsonWriter json, String name, Optional<Double> value)
      throws IOException {
    json.name(name).jsonValue(value.map(Decimal.JSON::confidence).orElse("null"));
  }
}
