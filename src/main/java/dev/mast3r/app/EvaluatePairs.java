package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.batch.BatchRun;
import dev.mast3r.batch.Journal;
import dev.mast3r.batch.PairEntry;
import dev.mast3r.error.InputException;
import dev.mast3r.eval.AucCurve;
import dev.mast3r.eval.PoseError;
import dev.mast3r.output.CsvRow;
import dev.mast3r.output.PoseReport;
import dev.mast3r.pose.PoseResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Measures estimated poses against the true ones of a list. */
public final class EvaluatePairs {

  private static final String HEADER =
      "image_a,image_b,success,reason,rot_err_deg,trans_err_deg,pose_err_deg,centre_err_m,matches,inliers";

  /**
   * How well the poses of a list were found; a pair without a pose counts as infinitely wrong.
   *
   * @param pairs in the list
   * @param failed pairs without a pose
   * @param auc5 area under the recall curve of the pose error up to 5 degrees, in percent
   * @param auc10 up to 10 degrees
   * @param auc20 up to 20 degrees
   * @param medianPoseErrorDeg larger of rotation and folded direction error; infinite if half of
   *     the pairs failed
   */
  public record Summary(
      int pairs, int failed, double auc5, double auc10, double auc20, double medianPoseErrorDeg) {}

  private final EstimatePair estimator;
  private final List<Double> poseErrors = new ArrayList<>();

  public EvaluatePairs(EstimatePair estimator) {
    this.estimator = estimator;
  }

  /**
   * Runs the list.
   *
   * @param table where one row a pair is written
   * @throws InputException if a pair of the list has no true pose
   */
  public Summary run(ListRequest request, Optional<Path> table) throws InterruptedException {
    List<PairEntry> pairs = request.list().pairs();
    for (PairEntry pair : pairs) {
      if (pair.bFromA().isEmpty()) {
        throw new InputException(
            request.list().source()
                + ": expected a true pose for every pair, found none for "
                + pair.name());
      }
    }
    poseErrors.clear();
    BatchRun<PairEntry> batch =
        new BatchRun<>(
            Journal.none(),
            request.progress(),
            PairEntry::name,
            (pair, reason) ->
                row(pair, PoseReport.failed(pair.a().name(), pair.b().name(), reason, "")));
    List<Journal.Entry> rows =
        batch.run(
            pairs,
            pair -> {
              PoseReport report =
                  estimator
                      .estimate(PoseTask.of(pair, Optional.empty(), Optional.empty()))
                      .report();
              return new BatchRun.Outcome(row(pair, report), report.reason());
            });
    table.ifPresent(file -> write(file, rows));
    AucCurve curve = AucCurve.of(poseErrors);
    long failed = rows.stream().filter(entry -> !entry.success()).count();
    return new Summary(
        pairs.size(),
        (int) failed,
        100 * curve.areaUpTo(5),
        100 * curve.areaUpTo(10),
        100 * curve.areaUpTo(20),
        median());
  }

  private String row(PairEntry pair, PoseReport report) {
    Optional<PoseError> error =
        report.pose().map(found -> PoseError.of(pair.bFromA().orElseThrow(), found.bFromA()));
    poseErrors.add(error.map(PoseError::poseErrorDeg).orElse(Double.POSITIVE_INFINITY));
    boolean metric = report.pose().map(PoseResult.Found::metric).orElse(false);
    return CsvRow.of(
        List.of(
            pair.a().name(),
            pair.b().name(),
            Boolean.toString(error.isPresent()),
            report.reason().orElse(""),
            error.map(e -> number(e.rotationDeg())).orElse(""),
            error.map(e -> number(e.foldedTranslationAngleDeg())).orElse(""),
            error.map(e -> number(e.poseErrorDeg())).orElse(""),
            error.filter(e -> metric).map(e -> number(e.centreErrorM())).orElse(""),
            report.result().map(result -> Integer.toString(result.matches())).orElse(""),
            report.pose().map(found -> Integer.toString(found.inliers())).orElse("")));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static void write(Path file, List<Journal.Entry> rows) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    rows.forEach(row -> text.append(row.text()).append('\n'));
    AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private double median() {
    double[] sorted = poseErrors.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
