package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.ListOutcome;
import dev.mast3r.app.ListRequest;
import dev.mast3r.app.MatchFormat;
import dev.mast3r.app.MatchList;
import dev.mast3r.app.MatchMaps;
import dev.mast3r.app.MatchPair;
import dev.mast3r.app.MatchTarget;
import dev.mast3r.app.Matcher;
import dev.mast3r.app.PairMatcher;
import dev.mast3r.app.PhotoMasks;
import dev.mast3r.error.NoPoseException;
import dev.mast3r.error.UsageException;
import dev.mast3r.match.MatchSet;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Correspondences of one image pair, of a list, or of saved maps. */
@Command(
    name = "match",
    description = "Find the correspondences of two images.",
    footer = {
      "",
      "CSV: x_a,y_a,x_b,y_b,confidence in pixels of the original images, (0,0) being the centre of"
          + " the top-left pixel, the most confident first."
    })
final class MatchCommand implements Callable<Integer> {

  private final Console console;
  private final Environment environment;

  @Mixin private ImagePair images;
  @Mixin private ListMixin list;
  @Mixin private MatchMixin matching;
  @Mixin private MaskMixin masks;
  @Mixin private NetworkMixin network;
  @Mixin private OutputMixin output;
  @Mixin private ReportMixin report;

  @Option(
      names = "--maps",
      paramLabel = "MAPS.npz",
      description = "match again from maps saved by 'reconstruct -o MAPS.npz', without the network")
  private Optional<Path> maps = Optional.empty();

  @Option(
      names = "-o",
      paramLabel = "FILE|DIR",
      description =
          "output by extension: .csv, .json, .npz, .h5, .ply; for a list the folder of its files;"
              + " default: CSV to standard output")
  private Optional<Path> target = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "csv|json|npz|h5|ply",
      description = "of the files of a list; default: csv")
  private Optional<MatchFormat> listFormat = Optional.empty();

  @Option(
      names = "--viz",
      paramLabel = "FILE.png",
      description = "draw the pair side by side with its matches")
  private Optional<Path> drawing = Optional.empty();

  @Option(
      names = "--basins",
      paramLabel = "FILE.png",
      description =
          "draw to which matches the pixels of A are drawn, each with a colour of its own")
  private Optional<Path> basins = Optional.empty();

  MatchCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    images.check(Map.of("--pairs", list.pairs, "--maps", maps));
    list.checkAlone();
    if (list.pairs.isPresent()) {
      list.refuse("--viz", drawing);
      list.refuse("--report", report.file);
      return matchList();
    }
    if (listFormat.isPresent()) {
      throw new UsageException(
          "option '--format': expected together with --pairs; the format of one pair is that of"
              + " -o");
    }
    MatchTarget files = new MatchTarget(target, drawing, basins, report.target());
    files.check();
    if (basins.isPresent() && network.matcher != Matcher.MAST3R) {
      throw new UsageException("option '--basins': needs the network, sift has no basins");
    }
    MatchSet matches = maps.isPresent() ? matchMaps(files) : matchPair(files);
    if (matches.size() == 0) {
      throw new NoPoseException("no matches: the images do not seem to overlap");
    }
    return ExitCodes.DONE;
  }

  private MatchSet matchMaps(MatchTarget files) {
    masks.refuse("saved maps");
    return new MatchMaps(network.toOptions(), matching.toSettings())
        .run(maps.orElseThrow(), files, console.out());
  }

  private MatchSet matchPair(MatchTarget files) {
    PhotoMasks read = masks.read(environment);
    try (PairMatcher matcher = open(read)) {
      return new MatchPair(matcher, read, matching.toSettings(), network.threads)
          .run(images.a(), images.b(), files, console.out());
    }
  }

  private int matchList() throws InterruptedException {
    masks.refuse("a list");
    if (basins.isPresent()) {
      throw new UsageException("option '--basins': expected two images or maps, found a list");
    }
    Path folder = list.required(target, "a folder for the matches");
    ListRequest request = list.request(console, settings(), output.progress(console));
    try (PairMatcher matcher =
        PairMatcher.openForList(
            network.toOptions(),
            matching.toSettings(),
            request.batch(),
            environment,
            output.notices(console))) {
      ListOutcome outcome = new MatchList(matcher, format(), folder).run(request);
      return ExitCodes.of(outcome);
    }
  }

  private MatchFormat format() {
    return listFormat.orElse(MatchFormat.CSV);
  }

  private PairMatcher open(PhotoMasks read) {
    return PairMatcher.openForOnePair(
        network.toOptions(),
        matching.toSettings(),
        read,
        basins.isPresent(),
        environment,
        output.notices(console));
  }

  private String settings() {
    return "match "
        + network.toOptions().shapingResults()
        + matching.toSettings().shapingResults()
        + format();
  }
}
