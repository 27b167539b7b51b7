package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.EstimateList;
import dev.mast3r.app.EstimatePair;
import dev.mast3r.app.ListOutcome;
import dev.mast3r.app.ListRequest;
import dev.mast3r.app.PairMatcher;
import dev.mast3r.app.PhotoMasks;
import dev.mast3r.app.PoseEstimate;
import dev.mast3r.app.PoseFormat;
import dev.mast3r.app.PoseTarget;
import dev.mast3r.app.PoseTask;
import dev.mast3r.app.ReportTarget;
import dev.mast3r.error.NoPoseException;
import dev.mast3r.pose.PoseOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Relative pose of one image pair or of every pair of a list. */
@Command(
    name = "pose",
    description = "Estimate the relative pose of two images.",
    footer = {
      "",
      "x_B = R x_A + t in OpenCV camera frames (x right, y down, z forward). t is in metres when"
          + " the model is metric, else of unit norm; 'metric' says which."
    })
final class PoseCommand implements Callable<Integer> {

  private final Console console;
  private final Environment environment;

  @Mixin private ImagePair images;
  @Mixin private ListMixin list;
  @Mixin private PoseMixin pose;
  @Mixin private MatchMixin matching;
  @Mixin private MaskMixin masks;
  @Mixin private NetworkMixin network;
  @Mixin private OutputMixin output;
  @Mixin private ReportMixin report;

  @Option(
      names = "-o",
      paramLabel = "FILE",
      description = "where the poses go; default: standard output")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "json|csv|mapfree|tum",
      description = "default: json for one pair, csv for lists")
  private Optional<PoseFormat> format = Optional.empty();

  PoseCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    images.check(Map.of("--pairs", list.pairs));
    list.checkAlone();
    list.checkResumable(file);
    PoseTarget target = new PoseTarget(file, format, list.pairs.isPresent());
    target.check();
    if (list.pairs.isPresent()) {
      list.refuse("--report", report.file);
    }
    ReportTarget page = report.target();
    page.check();
    PoseOptions options = pose.toOptions(network.seed);
    return list.pairs.isPresent()
        ? estimateList(target, options)
        : estimatePair(target, page, options);
  }

  private int estimatePair(PoseTarget target, ReportTarget page, PoseOptions options) {
    PoseTask task =
        new PoseTask(
            PoseTask.view(images.a(), pose.intrinsicsA),
            PoseTask.view(images.b(), pose.intrinsicsB));
    try (PairMatcher matcher = open(masks.read(environment))) {
      PoseEstimate estimate =
          new EstimatePair(matcher, options, network.threads, environment).estimate(task);
      target.write(estimate.report(), console.out());
      page.write(estimate, options);
      Optional<String> reason = estimate.report().reason();
      if (reason.isPresent()) {
        throw new NoPoseException("no pose: " + reason.get());
      }
      return ExitCodes.DONE;
    }
  }

  private int estimateList(PoseTarget target, PoseOptions options) throws InterruptedException {
    masks.refuse("a list");
    ListRequest request = list.request(console, settings(options), output.progress(console));
    try (PairMatcher matcher =
        PairMatcher.openForList(
            network.toOptions(),
            matching.toPoseSettings(network.matcher),
            request.batch(),
            environment,
            output.notices(console))) {
      EstimateList estimates =
          new EstimateList(
              new EstimatePair(matcher, options, network.threads, environment),
              matcher.model(),
              target.format(),
              pose.intrinsicsA,
              pose.intrinsicsB);
      ListOutcome outcome =
          file.isPresent()
              ? estimates.toFile(request, file.get())
              : estimates.toStream(request, console.out());
      return ExitCodes.of(outcome);
    }
  }

  private PairMatcher open(PhotoMasks read) {
    return PairMatcher.openForOnePair(
        network.toOptions(),
        matching.toPoseSettings(network.matcher),
        read,
        false,
        environment,
        output.notices(console));
  }

  private String settings(PoseOptions options) {
    return "pose "
        + network.toOptions().shapingResults()
        + matching.toPoseSettings(network.matcher).shapingResults()
        + options
        + pose.intrinsicsA
        + pose.intrinsicsB
        + format;
  }
}
