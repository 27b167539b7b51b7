package dev.mast3r.cli;

import dev.mast3r.app.ListRequest;
import dev.mast3r.batch.PairList;
import dev.mast3r.batch.ProgressSink;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** A list of pairs in place of two images. */
final class ListMixin {

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--pairs",
      paramLabel = "LIST",
      description = "work through a pair list; - reads standard input")
  Optional<Path> pairs = Optional.empty();

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "folder of the list's relative paths; default: the list's own")
  Optional<Path> root = Optional.empty();

  @Option(names = "--resume", description = "go on with an interrupted run of the same list")
  boolean resume;

  @Option(
      names = "--batch",
      paramLabel = "N|auto",
      converter = BatchConverter.class,
      description =
          "pairs of equal shapes that go through the network in one call; results differ by"
              + " rounding; default: auto, 1 on a CPU and 8 on a GPU")
  OptionalInt batch = OptionalInt.empty();

  ListRequest request(Console console, String settings, ProgressSink progress) {
    Path file = pairs.orElseThrow();
    PairList list =
        file.toString().equals("-")
            ? PairList.read(
                new InputStreamReader(console.in(), StandardCharsets.UTF_8),
                "standard input",
                root.orElse(Path.of("")))
            : PairList.read(file, root);
    return new ListRequest(list, resume, batch, settings, progress);
  }

  /** Tells of an option of lists that was given without one. */
  void checkAlone() {
    if (pairs.isEmpty() && (root.isPresent() || resume)) {
      throw new ParameterException(
          command.commandLine(),
          "option '" + (resume ? "--resume" : "--root") + "': expected together with --pairs");
    }
  }

  /** Tells that there is nothing to go on with on standard output. */
  void checkResumable(Optional<Path> output) {
    if (resume && output.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "option '--resume': expected together with -o");
    }
  }

  /** Tells of an option that is for a single pair. */
  void refuse(String option, Optional<Path> value) {
    if (value.isPresent()) {
      throw new ParameterException(
          command.commandLine(),
          "option '" + option + "': expected two images, found --pairs, which has no such file");
    }
  }

  /** Returns where the list's results go, which the command line has to say. */
  Path required(Optional<Path> output, String what) {
    return output.orElseThrow(
        () ->
            new ParameterException(
                command.commandLine(), "option '--pairs': expected -o with " + what));
  }

  /** A number, or nothing for auto. */
  static final class BatchConverter implements ITypeConverter<OptionalInt> {
    @Override
    public OptionalInt convert(String text) {
      try {
        return text.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
      } catch (NumberFormatException e) {
        throw new TypeConversionException("expected auto or a number, found '" + text + "'");
      }
    }
  }
}
