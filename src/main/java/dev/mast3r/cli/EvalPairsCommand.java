package dev.mast3r.cli;

import dev.mast3r.app.BaselineFile;
import dev.mast3r.app.Environment;
import dev.mast3r.app.EstimatePair;
import dev.mast3r.app.EvaluatePairs;
import dev.mast3r.app.ListOutcome;
import dev.mast3r.app.ListRequest;
import dev.mast3r.app.PairMatcher;
import dev.mast3r.batch.PairList;
import dev.mast3r.eval.MatchScore;
import dev.mast3r.eval.PairSetScore;
import dev.mast3r.pose.PoseOptions;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The poses of a list with true ones. */
@Command(
    name = "pairs",
    description = {
      "Measure matches and poses against the true poses of a pair list.",
      "Prints AUC@5/10/20 in percent of the pose error: the larger of the rotation error and the angle between the"
          + " translation directions, folded to 90 degrees. A pair without a pose counts as infinitely wrong. The match"
          + " error is the mean distance of the two pixels from their true epipolar lines: its median over a pair's matches,"
          + " then over the pairs."
    })
final class EvalPairsCommand implements Callable<Integer> {

  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "LIST", description = "a pair list whose pairs have T_AtoB")
  private Path file;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "folder of the list's relative paths; default: the list's own")
  private Optional<Path> root = Optional.empty();

  @Option(names = "-o", paramLabel = "FILE.csv", description = "errors of every pair")
  private Optional<Path> table = Optional.empty();

  @Option(names = "--resume", description = "go on with an interrupted run that had the same -o")
  private boolean resume;

  @Option(
      names = "--unknown-cameras",
      description =
          "estimate poses without the list's intrinsics, as for photos of which nobody tells them, and measure the focal"
              + " lengths that were found too")
  private boolean unknownCameras;

  @Mixin private BaselineMixin baseline;
  @Mixin private PoseMixin pose;
  @Mixin private MatchMixin matching;
  @Mixin private NetworkMixin network;
  @Mixin private OutputMixin output;

  EvalPairsCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (resume && table.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "option '--resume': expected -o, which it goes on with");
    }
    PoseOptions options = pose.toOptions(network.seed);
    String settings =
        "eval "
            + network.toOptions().shapingResults()
            + matching.toPoseSettings(network.matcher)
            + options
            + (unknownCameras ? " unknown cameras" : "");
    ListRequest request =
        new ListRequest(
            PairList.read(file, root),
            resume,
            OptionalInt.of(1),
            settings,
            output.progress(console));
    int items = request.list().pairs().size();
    Optional<BaselineFile> held = baseline.open(PairSetScore.BENCHMARK, items);
    try (PairMatcher matcher =
        PairMatcher.openForList(
            network.toOptions(),
            matching.toPoseSettings(network.matcher),
            request.batch(),
            environment,
            output.notices(console))) {
      EstimatePair estimator =
          new EstimatePair(matcher, pose.toOptions(network.seed), network.threads, environment);
      PairSetScore score = new EvaluatePairs(estimator, unknownCameras).run(request, table);
      console.out().println(line(score));
      return held.map(
              baselineFile ->
                  BaselineMixin.conclude(
                      baselineFile,
                      score.figures(),
                      BaselineMixin.madeWith(matcher, network),
                      console,
                      output.notices(console)))
          .orElseGet(() -> ExitCodes.of(new ListOutcome(score.pairs(), score.failed())));
    }
  }

  private static String line(PairSetScore score) {
    String poses =
        String.format(
            Locale.ROOT,
            "pairs %d, failed %d, AUC@5 %.1f, AUC@10 %.1f, AUC@20 %.1f, median pose error %.2f deg",
            score.pairs(),
            score.failed(),
            score.auc5(),
            score.auc10(),
            score.auc20(),
            score.medianPoseErrorDeg());
    String matches =
        score
            .medianMatchErrorPx()
            .map(
                px ->
                    String.format(
                        Locale.ROOT,
                        ", median match error %.2f px, within %.0f px %.1f %%",
                        px,
                        MatchScore.NEAR_PX,
                        score.nearMatches().orElseThrow()))
            .orElse("");
    String focals =
        score
            .medianFocalError()
            .map(percent -> String.format(Locale.ROOT, ", median focal error %.1f %%", percent))
            .orElse("");
    return poses + matches + focals;
  }
}
