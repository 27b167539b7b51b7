package dev.mast3r.cli;

import dev.mast3r.app.MatchSettings;
import dev.mast3r.match.MatchOptions;
import java.util.OptionalDouble;
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

  MatchSettings toSettings() {
    return new MatchSettings(subsample, maxMatches, minConfidence);
  }
}
