package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.error.UsageException;
import dev.mast3r.output.PoseReport;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.PoseOptions;
import dev.mast3r.report.FactTable;
import dev.mast3r.report.PairReport;
import dev.mast3r.report.PoseFit;
import dev.mast3r.report.ReportPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the interactive page of one pair goes.
 *
 * @param file empty: no page is wanted
 * @param settings the options of the run, for the page to tell
 */
public record ReportTarget(Optional<Path> file, List<FactTable.Fact> settings) {

  public ReportTarget {
    settings = List.copyOf(settings);
  }

  /**
   * Checks the file's name before any work is done.
   *
   * @throws UsageException if it does not end in .html or its folder does not exist
   */
  public void check() {
    file.ifPresent(
        path -> {
          if (!path.toString().toLowerCase(Locale.ROOT).endsWith(".html")) {
            throw new UsageException(
                "option '--report': expected a name that ends in .html, found '" + path + "'");
          }
          MatchTarget.checkFolder("--report", path);
        });
  }

  /**
   * Writes the page of a pair and its pose, or why there is none.
   *
   * @throws dev.mast3r.error.InputException if the file cannot be written
   */
  public void write(PoseEstimate estimate, PoseOptions options) {
    PoseReport pose = estimate.report();
    MatchedPair pair = estimate.pair();
    write(
        new PairReport(
            new PairReport.Photo(pose.imageA(), pair.a().pixels()),
            new PairReport.Photo(pose.imageB(), pair.b().pixels()),
            pair.matches(),
            pose.pose()
                .map(
                    found ->
                        new PoseFit(
                            found.bFromA(),
                            estimate.intrinsicsA(),
                            estimate.intrinsicsB(),
                            limitPx(found.method(), options))),
            List.of(PairFacts.pose(pose), PairFacts.run(pose.model(), pose.seconds()))));
  }

  /** Procrustes has a limit in metres, which says nothing of pixels. */
  private static double limitPx(PoseMethod method, PoseOptions options) {
    return method == PoseMethod.PROCRUSTES
        ? PoseOptions.defaults().thresholdFor(PoseMethod.ESSENTIAL)
        : options.thresholdFor(method);
  }

  /** Writes the page, with the settings behind its tables. */
  void write(PairReport report) {
    file.ifPresent(
        path -> {
          List<FactTable> tables = new ArrayList<>(report.tables());
          tables.add(new FactTable("Settings", settings));
          PairReport whole =
              new PairReport(report.a(), report.b(), report.matches(), report.fit(), tables);
          AtomicFile.write(path, out -> new ReportPage(whole).write(out));
        });
  }
}
