package dev.mast3r.cli;

import dev.mast3r.app.BaselineFile;
import dev.mast3r.app.PairMatcher;
import dev.mast3r.eval.Baseline.Comparison;
import dev.mast3r.eval.Figure;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The comparison of a benchmark's figures with a committed file. */
final class BaselineMixin {

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--baseline",
      paramLabel = "FILE.json",
      description =
          "compare the figures with those of the file; exit code 7 if one is worse by more than its slack, else 0, pairs"
              + " without a pose being one of the figures")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--update-baseline",
      description =
          "write the figures to the file of --baseline, whatever they are; the slacks in it stay")
  private boolean update;

  /** Returns whether there is a baseline to compare with or to write. */
  boolean isAsked() {
    return file.isPresent();
  }

  /** Reads the file before the work starts. */
  Optional<BaselineFile> open(String benchmark, int items) {
    if (update && file.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "option '--update-baseline': expected --baseline with a file");
    }
    return file.map(path -> BaselineFile.open(path, benchmark, items, update));
  }

  /**
   * Prints how the figures stand beside the baseline and returns the exit code.
   *
   * @param madeWith what made the figures, for a new file
   */
  static int conclude(
      BaselineFile baseline,
      List<Figure> figures,
      Map<String, String> madeWith,
      Console console,
      Consumer<String> notices) {
    List<Comparison> comparisons = baseline.compare(figures);
    comparisons.forEach(comparison -> console.out().println(line(comparison)));
    if (baseline.isUpdate()) {
      baseline.write(madeWith, figures);
      notices.accept("wrote " + baseline);
      return ExitCodes.DONE;
    }
    List<Comparison> fallen = comparisons.stream().filter(Comparison::regressed).toList();
    fallen.forEach(comparison -> console.err().println("mast3r: " + regression(comparison)));
    return fallen.isEmpty() ? ExitCodes.DONE : ExitCodes.REGRESSION;
  }

  /** Returns what a baseline file says of its making. */
  static Map<String, String> madeWith(PairMatcher matcher, NetworkMixin network) {
    Map<String, String> madeWith = new LinkedHashMap<>();
    madeWith.put("model", matcher.model());
    matcher.modelSha256().ifPresent(hash -> madeWith.put("sha256", hash));
    madeWith.put("device", network.device.toString());
    madeWith.put("precision", network.precision.name().toLowerCase(Locale.ROOT));
    madeWith.put("seed", Long.toString(network.seed));
    return madeWith;
  }

  private static String line(Comparison comparison) {
    double gain = comparison.gain();
    String verdict =
        gain == 0
            ? "unchanged"
            : gain > 0 ? "better" : comparison.regressed() ? "REGRESSION" : "worse within slack";
    return String.format(
        Locale.ROOT,
        "%-22s %10s, baseline %10s, slack %7s: %s",
        comparison.figure().name(),
        number(comparison.figure().value()),
        number(comparison.baseline().value()),
        comparison.baseline().slack().text(),
        verdict);
  }

  private static String regression(Comparison comparison) {
    return "regression: "
        + comparison.figure().name()
        + " "
        + (comparison.figure().higherIsBetter() ? "fell" : "rose")
        + " from "
        + number(comparison.baseline().value())
        + " to "
        + number(comparison.figure().value())
        + ", allowed is "
        + number(comparison.allowed());
  }

  private static String number(double value) {
    return Double.isInfinite(value) ? "infinite" : String.format(Locale.ROOT, "%.4f", value);
  }
}
