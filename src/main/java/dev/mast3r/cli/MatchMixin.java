package dev.mast3r.cli;

import dev.mast3r.app.Fine;
import dev.mast3r.app.MatchSettings;
import dev.mast3r.app.Matcher;
import dev.mast3r.match.KernelChoice;
import dev.mast3r.match.MatchOptions;
import dev.mast3r.match.SeedImages;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of matching. */
final class MatchMixin {

  @Option(
      names = "--subsample",
      paramLabel = "S",
      description = "start from every S-th pixel in x and y, 1 is dense; default: ${DEFAULT-VALUE}")
  int subsample = MatchOptions.defaults().subsample();

  @Option(
      names = "--max-matches",
      paramLabel = "K",
      description = "keep at most K, spread evenly over the images; default: ${DEFAULT-VALUE}")
  int maxMatches = MatchOptions.defaults().maxMatches();

  @Option(
      names = "--min-conf",
      paramLabel = "C",
      description = "drop matches whose confidence is below C; default: the model's own")
  OptionalDouble minConfidence = OptionalDouble.empty();

  @Option(
      names = "--symmetric",
      description = "start from the pixels of B too and merge what is found")
  boolean symmetric;

  @Option(
      names = "--kernel",
      paramLabel = "auto|engine|vector|scalar",
      description =
          "what compares descriptors, all with the same result; default: auto: the engine where"
              + " the network runs on a GPU, else vector where Java has it, but scalar for one"
              + " pair with few seeds, which is matched before vector is compiled")
  KernelChoice kernel = KernelChoice.AUTO;

  @Option(
      names = "--fine",
      arity = "0..1",
      preprocessor = AttachedValue.class,
      paramLabel = "windows|local|off",
      description =
          "finer than the network's pixels; windows, which --fine alone means: match windows of the"
              + " full-resolution images too; local: where the full-resolution images agree, without"
              + " the network; default: off for matches, local for poses by the network")
  Optional<Fine> fine = Optional.empty();

  @Option(
      names = "--fine-max",
      paramLabel = "N",
      description = "shrink images to a long side of N for --fine; default: as they are")
  OptionalInt fineMaxSidePx = OptionalInt.empty();

  /** Returns the settings for matches that are the result. */
  MatchSettings toSettings() {
    return toSettings(Fine.OFF);
  }

  /** Returns the settings for matches that a pose is estimated from. */
  MatchSettings toPoseSettings(Matcher matcher) {
    return toSettings(matcher == Matcher.SIFT ? Fine.OFF : Fine.LOCAL);
  }

  private MatchSettings toSettings(Fine otherwise) {
    return new MatchSettings(
        subsample,
        maxMatches,
        minConfidence,
        symmetric ? SeedImages.BOTH : SeedImages.A,
        kernel,
        fine.orElse(otherwise),
        fineMaxSidePx);
  }

  /** Takes a value after an equals sign only, so that an image may follow the option. */
  static final class AttachedValue implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // the interface asks for a Stack
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (!"=".equals(info.get("separator"))) {
        args.push(Fine.WINDOWS.name());
      }
      return false;
    }
  }
}
