package dev.mast3r.cli;

import dev.mast3r.app.ReportTarget;
import dev.mast3r.report.FactTable.Fact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The interactive page of one pair. */
final class ReportMixin {

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "write one self-contained interactive page: photos, matches, settings, times")
  Optional<Path> file = Optional.empty();

  /** Returns where the page goes, with the command's options for it to tell. */
  ReportTarget target() {
    List<Fact> settings = new ArrayList<>();
    for (OptionSpec option : command.options()) {
      text(option.getValue()).ifPresent(text -> settings.add(new Fact(option.longestName(), text)));
    }
    return new ReportTarget(file, settings);
  }

  /** Returns nothing for an option that is neither given nor has a default. */
  private static Optional<String> text(Object value) {
    if (value == null || value.equals(false)) {
      return Optional.empty();
    }
    if (value instanceof Optional<?> optional) {
      return optional.flatMap(ReportMixin::text);
    }
    if (value instanceof OptionalInt number) {
      return number.stream().mapToObj(Integer::toString).findFirst();
    }
    if (value instanceof OptionalDouble number) {
      return number.stream().mapToObj(Double::toString).findFirst();
    }
    if (value instanceof Enum<?> word) {
      return Optional.of(word.name().toLowerCase(Locale.ROOT));
    }
    return Optional.of(value.equals(true) ? "on" : value.toString());
  }
}
