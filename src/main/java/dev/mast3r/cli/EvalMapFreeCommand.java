package dev.mast3r.cli;

import dev.mast3r.app.BaselineFile;
import dev.mast3r.app.Environment;
import dev.mast3r.app.EstimatePair;
import dev.mast3r.app.EvaluateMapFree;
import dev.mast3r.app.ListOutcome;
import dev.mast3r.app.MapFreeRun;
import dev.mast3r.app.MapFreeScoring;
import dev.mast3r.app.PairMatcher;
import dev.mast3r.eval.MapFreeScene;
import dev.mast3r.eval.MapFreeSceneScore;
import dev.mast3r.eval.MapFreeScore;
import dev.mast3r.eval.RankedPrecision;
import dev.mast3r.pose.PoseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The Map-free relocalisation benchmark. */
@Command(
    name = "mapfree",
    description = {
      "Measure metric poses on the Map-free relocalisation data.",
      "Prints a scene's median errors a line, then the benchmark's figures. Scenes without true poses, as in the test"
          + " split, are not measured: write a submission."
    })
final class EvalMapFreeCommand implements Callable<Integer> {

  /** The single-frame track asks for every fifth query. */
  private static final int BENCHMARK_STEP = 5;

  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DATASET",
      description = "a folder of scenes, each with poses.txt and intrinsics.txt, or of splits")
  private Path dataset;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "the folder in DATASET, if there is one; default: ${DEFAULT-VALUE}")
  private String split = "val";

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "ask for every N-th query; default: ${DEFAULT-VALUE}, as the benchmark does")
  private int step = BENCHMARK_STEP;

  @Option(
      names = "--submission",
      paramLabel = "FILE.zip",
      description = "write the poses as the benchmark's server takes them")
  private Optional<Path> submission = Optional.empty();

  @Option(
      names = "--poses",
      paramLabel = "FILE.zip",
      description = "measure the poses of a submission instead of estimating any")
  private Optional<Path> poses = Optional.empty();

  @Option(names = "-o", paramLabel = "FILE.csv", description = "errors of every query")
  private Optional<Path> table = Optional.empty();

  @Option(
      names = "--resume",
      description = "go on with an interrupted run that had the same -o or --submission")
  private boolean resume;

  @Mixin private BaselineMixin baseline;
  @Mixin private PoseMixin pose;
  @Mixin private MatchMixin matching;
  @Mixin private NetworkMixin network;
  @Mixin private OutputMixin output;

  EvalMapFreeCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    check();
    Path folder = dataset.resolve(split);
    List<MapFreeScene> scenes = MapFreeScene.readAll(Files.isDirectory(folder) ? folder : dataset);
    boolean measured = scenes.stream().anyMatch(MapFreeScoring::isTold);
    if (!measured && submission.isEmpty()) {
      throw usage(
          "expected --submission: no scene tells its true poses, there is nothing else to make");
    }
    if (!measured && baseline.isAsked()) {
      throw usage(
          "option '--baseline': no scene tells its true poses, there is nothing to compare");
    }
    int frames = scenes.stream().mapToInt(scene -> scene.everyNthQuery(step).size()).sum();
    Optional<BaselineFile> held = baseline.open(MapFreeScore.BENCHMARK, frames);
    if (poses.isPresent()) {
      List<MapFreeSceneScore> scores =
          MapFreeScoring.ofSubmission(poses.get(), scenes, step, output.notices(console));
      MapFreeScore score = report(scores);
      return conclude(
          held,
          Optional.of(score),
          Map.of("poses", poses.get().getFileName().toString()),
          new ListOutcome(score.frames(), score.missing()));
    }
    return estimate(scenes, held);
  }

  private int estimate(List<MapFreeScene> scenes, Optional<BaselineFile> held)
      throws InterruptedException {
    PoseOptions options = pose.toOptions(network.seed);
    MapFreeRun run =
        new MapFreeRun(
            scenes,
            step,
            submission,
            table,
            resume,
            "mapfree "
                + network.toOptions().shapingResults()
                + matching.toPoseSettings(network.matcher).shapingResults()
                + options,
            output.progress(console));
    try (PairMatcher matcher =
        PairMatcher.open(
            network.toOptions(),
            matching.toPoseSettings(network.matcher),
            environment,
            output.notices(console))) {
      EvaluateMapFree.Result result =
          new EvaluateMapFree(new EstimatePair(matcher, options, network.threads, environment))
              .run(run);
      if (!result.metric()) {
        output
            .notices(console)
            .accept("translations are of unit norm, not in metres: the model is not metric");
      }
      Optional<MapFreeScore> score =
          Optional.of(result.scenes()).filter(scores -> !scores.isEmpty()).map(this::report);
      return conclude(held, score, BaselineMixin.madeWith(matcher, network), result.outcome());
    }
  }

  private void check() {
    if (step < 1) {
      throw usage("option '--every': expected at least 1, found " + step);
    }
    if (resume && submission.isEmpty() && table.isEmpty()) {
      throw usage("option '--resume': expected -o or --submission, which it goes on with");
    }
    if (poses.isPresent() && (resume || submission.isPresent() || table.isPresent())) {
      throw usage("option '--poses': not together with --submission, -o or --resume");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int conclude(
      Optional<BaselineFile> held,
      Optional<MapFreeScore> score,
      Map<String, String> madeWith,
      ListOutcome outcome) {
    if (held.isEmpty() || score.isEmpty()) {
      return ExitCodes.of(outcome);
    }
    return BaselineMixin.conclude(
        held.get(), score.get().figures(), madeWith, console, output.notices(console));
  }

  private MapFreeScore report(List<MapFreeSceneScore> scenes) {
    for (MapFreeSceneScore scene : scenes) {
      print(
          "%s: frames %d, missing %d, median error %s m, %s deg, VCRE %s px",
          scene.scene(),
          scene.frames().size() + scene.missing(),
          scene.missing(),
          number(scene.medianTranslationM()),
          number(scene.medianRotationDeg()),
          number(scene.medianVcrePx()));
    }
    MapFreeScore score = MapFreeScore.of(scenes);
    print(
        "scenes %d, frames %d, estimates for %.1f %% of frames",
        score.scenes(), score.frames(), 100 * score.pose().answered());
    print(
        "average median error %s m, %s deg, VCRE %s px",
        number(Optional.of(score.medianTranslationM())),
        number(Optional.of(score.medianRotationDeg())),
        number(Optional.of(score.medianVcrePx())));
    print("VCRE < 90 px: %s", ranked(score.vcre90()));
    print("VCRE < 45 px: %s", ranked(score.vcre45()));
    print("pose error < 0.25 m, 5 deg: %s", ranked(score.pose()));
    return score;
  }

  private void print(String format, Object... values) {
    console.out().println(String.format(Locale.ROOT, format, values));
  }

  private static String ranked(RankedPrecision answers) {
    return String.format(
        Locale.ROOT, "precision %.1f %%, AUC %.3f", 100 * answers.precision(), answers.auc());
  }

  private static String number(Optional<Double> value) {
    return value
        .filter(Double::isFinite)
        .map(finite -> String.format(Locale.ROOT, "%.2f", finite))
        .orElse("-");
  }
}
