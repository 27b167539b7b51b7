package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.EstimatePair;
import dev.mast3r.app.EvaluatePairs;
import dev.mast3r.app.ListRequest;
import dev.mast3r.app.PairMatcher;
import dev.mast3r.app.PhotoMasks;
import dev.mast3r.batch.PairList;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Benchmark figures. */
@Command(name = "eval", description = "Measure poses against true ones.")
final class EvalCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "expected 'pairs'");
  }

  /** The poses of a list with true ones. */
  @Command(
      name = "pairs",
      description = {
        "Measure poses against the true ones of a pair list.",
        "Prints AUC@5/10/20 in percent of the pose error: the larger of the rotation error and the"
            + " angle between the translation directions, folded to 90 degrees. A pair without a"
            + " pose counts as infinitely wrong."
      })
  static final class Pairs implements Callable<Integer> {

    private final Console console;
    private final Environment environment;

    @Parameters(paramLabel = "LIST", description = "a pair list whose pairs have T_AtoB")
    private Path file;

    @Option(
        names = "--root",
        paramLabel = "DIR",
        description = "folder of the list's relative paths; default: the list's own")
    private Optional<Path> root = Optional.empty();

    @Option(names = "-o", paramLabel = "FILE.csv", description = "errors of every pair")
    private Optional<Path> table = Optional.empty();

    @Mixin private PoseMixin pose;
    @Mixin private MatchMixin matching;
    @Mixin private NetworkMixin network;
    @Mixin private OutputMixin output;

    Pairs(Console console, Environment environment) {
      this.console = console;
      this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
      ListRequest request =
          new ListRequest(PairList.read(file, root), false, "eval", output.progress(console));
      try (PairMatcher matcher =
          PairMatcher.open(
              network.toOptions(),
              matching.toSettings(),
              PhotoMasks.none(),
              environment,
              output.notices(console))) {
        EstimatePair estimator =
            new EstimatePair(matcher, pose.toOptions(network.seed), environment);
        EvaluatePairs.Summary summary = new EvaluatePairs(estimator).run(request, table);
        console
            .out()
            .printf(
                Locale.ROOT,
                "pairs %d, failed %d, AUC@5 %.1f, AUC@10 %.1f, AUC@20 %.1f, median pose error %.2f"
                    + " deg%n",
                summary.pairs(),
                summary.failed(),
                summary.auc5(),
                summary.auc10(),
                summary.auc20(),
                summary.medianPoseErrorDeg());
      }
      return ExitCodes.DONE;
    }
  }
}
