package dev.mast3r.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A benchmark as a table for people. */
public final class BenchmarkTable {

  private static final double GIGA = 1e9;

  private BenchmarkTable() {}

  /** Returns the lines. */
  public static List<String> lines(BenchmarkReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s on %s, %s, products by %s, %d threads, %s and %s, %d runs",
            report.model(),
            report.device(),
            report.precision(),
            report.products(),
            report.threads(),
            report.networkA(),
            report.networkB(),
            report.runs()));
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "%-10s %10s %10s %10s %10s %10s",
            "stage",
            "median ms",
            "min ms",
            "max ms",
            "GFLOP",
            "GFLOP/s"));
    for (BenchmarkReport.Stage stage : report.stages()) {
      String operations =
          stage.operations().isPresent()
              ? String.format(Locale.ROOT, "%.2f", stage.operations().getAsLong() / GIGA)
              : "";
      lines.add(
          String.format(
                  Locale.ROOT,
                  "%-10s %10.1f %10.1f %10.1f %10s %10s",
                  stage.name(),
                  1e3 * stage.median(),
                  1e3 * stage.min(),
                  1e3 * stage.max(),
                  operations,
                  giga(stage.flops(), ""))
              .stripTrailing());
    }
    lines.add("");
    lines.add(
        line(
            "pair",
            "%.1f ms, model loaded once in %.1f ms",
            1e3 * report.pairSeconds(),
            1e3 * report.loadSeconds()));
    lines.add(line("network", "%s GFLOP/s", giga(report.flops(), "not known:")));
    lines.add(line("GEMM here", "%.1f GFLOP/s", report.gemmFlops() / GIGA));
    lines.add(
        line(
            "share",
            "%s",
            report
                .shareOfGemm()
                .map(share -> String.format(Locale.ROOT, "%.0f %% of it", 100 * share))
                .orElse("not known")));
    lines.add(
        line(
            "peak RSS",
            "%s",
            report.peakBytes().isPresent()
                ? String.format(Locale.ROOT, "%.0f MB", report.peakBytes().getAsLong() / 1e6)
                : "not known"));
    return lines;
  }

  private static String line(String name, String format, Object... values) {
    return String.format(Locale.ROOT, "%-10s ", name) + String.format(Locale.ROOT, format, values);
  }

  private static String giga(Optional<Double> flops, String unknown) {
    return flops.map(value -> String.format(Locale.ROOT, "%.1f", value / GIGA)).orElse(unknown);
  }
}
