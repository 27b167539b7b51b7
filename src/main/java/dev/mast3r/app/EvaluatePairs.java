package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.batch.BatchRun;
import dev.mast3r.batch.Journal;
import dev.mast3r.batch.ListedImage;
import dev.mast3r.batch.PairEntry;
import dev.mast3r.batch.ResumeJournal;
import dev.mast3r.error.InputException;
import dev.mast3r.eval.EpipolarError;
import dev.mast3r.eval.MatchScore;
import dev.mast3r.eval.PairScore;
import dev.mast3r.eval.PairSetScore;
import dev.mast3r.eval.PoseError;
import dev.mast3r.geometry.Point2;
import dev.mast3r.match.MatchSet;
import dev.mast3r.output.CsvRow;
import dev.mast3r.output.PoseReport;
import dev.mast3r.pose.PoseResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Measures estimated poses against the true ones of a list. */
public final class EvaluatePairs {

  private static final String HEADER =
      "image_a,image_b,success,reason,rot_err_deg,trans_err_deg,pose_err_deg,centre_err_m,matches,inliers,"
          + "match_err_px,near_matches,focal_err_a,focal_err_b";

  private static final char SCORE_END = '\t';

  private final EstimatePair estimator;
  private final boolean unknownCameras;

  /**
   * @param unknownCameras whether poses do without the list's intrinsics, as for photos of which
   *     nobody tells them
   */
  public EvaluatePairs(EstimatePair estimator, boolean unknownCameras) {
    this.estimator = estimator;
    this.unknownCameras = unknownCameras;
  }

  /**
   * Runs the list.
   *
   * @param table where one row a pair is written; it appears whole when the last pair is done, and
   *     until then a journal beside it keeps what is finished
   * @throws InputException if a pair of the list has no true pose
   */
  public PairSetScore run(ListRequest request, Optional<Path> table) throws InterruptedException {
    table.ifPresent(file -> MatchTarget.checkFolder("-o", file));
    for (PairEntry pair : request.list().pairs()) {
      if (pair.bFromA().isEmpty()) {
        throw new InputException(
            request.list().source()
                + ": expected a true pose for every pair, found none for "
                + pair.name());
      }
    }
    if (table.isEmpty()) {
      return score(work(request, Journal.none()));
    }
    Path file = table.get();
    Path journalFile = file.resolveSibling(file.getFileName() + ".journal");
    int total = request.list().pairs().size();
    try (ResumeJournal journal =
        ResumeJournal.open(journalFile, request.fingerprint(), total, request.resume())) {
      List<Journal.Entry> entries = work(request, journal);
      write(file, entries);
      journal.finish();
      return score(entries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An entry's text is the pair's score, to the last bit, and its row. */
  private List<Journal.Entry> work(ListRequest request, Journal journal)
      throws InterruptedException {
    BatchRun<PairEntry> batch =
        new BatchRun<>(
            journal,
            request.progress(),
            PairEntry::name,
            (pair, reason) ->
                text(
                    pair,
                    PoseReport.failed(pair.a().name(), pair.b().name(), reason, ""),
                    truth(pair).map(truth -> MatchScore.NONE)));
    return batch.run(
        request.list().pairs(),
        estimator.lookAhead(request.batch()),
        (pair, next) -> {
          estimator.expect(next.stream().map(this::task).toList());
          return measure(pair);
        });
  }

  private PoseTask task(PairEntry pair) {
    PoseTask told = PoseTask.of(pair, Optional.empty(), Optional.empty());
    return unknownCameras ? told.ofUnknownCameras() : told;
  }

  private BatchRun.Outcome measure(PairEntry pair) {
    PoseEstimate estimate = estimator.estimate(task(pair));
    Optional<MatchScore> matches =
        truth(pair).map(truth -> MatchScore.of(truth, pixelPairs(estimate.pair().matches())));
    return new BatchRun.Outcome(text(pair, estimate.report(), matches), estimate.report().reason());
  }

  private static PairSetScore score(List<Journal.Entry> entries) {
    return PairSetScore.of(
        entries.stream()
            .map(Journal.Entry::text)
            .map(text -> PairScore.parse(text.substring(0, text.indexOf(SCORE_END))))
            .toList());
  }

  /** Returns the true epipolar lines, where intrinsics and a translation are known. */
  private static Optional<EpipolarError> truth(PairEntry pair) {
    return pair.bFromA()
        .filter(motion -> motion.translation().norm() > 0)
        .flatMap(
            motion ->
                pair.a()
                    .intrinsics()
                    .flatMap(a -> pair.b().intrinsics().map(b -> new EpipolarError(motion, a, b))));
  }

  private static List<MatchScore.PixelPair> pixelPairs(MatchSet matches) {
    return matches.correspondences().stream()
        .map(
            match ->
                new MatchScore.PixelPair(
                    new Point2(match.xA(), match.yA()), new Point2(match.xB(), match.yB())))
        .toList();
  }

  private String text(PairEntry pair, PoseReport report, Optional<MatchScore> matches) {
    Optional<PoseError> error =
        report.pose().map(found -> PoseError.of(pair.bFromA().orElseThrow(), found.bFromA()));
    Optional<Double> focalA = focalError(pair.a(), report.cameraA());
    Optional<Double> focalB = focalError(pair.b(), report.cameraB());
    PairScore score =
        new PairScore(
            error.map(PoseError::poseErrorDeg).orElse(Double.POSITIVE_INFINITY),
            matches,
            Stream.of(focalA, focalB).flatMap(Optional::stream).toList());
    return score.text()
        + SCORE_END
        + row(pair, report, error, matches)
        + ","
        + CsvRow.of(
            Stream.of(focalA, focalB).map(e -> e.map(EvaluatePairs::number).orElse("")).toList());
  }

  /** Returns by which share of the true focal length an estimated one is off. */
  private Optional<Double> focalError(ListedImage image, Optional<PoseReport.Camera> camera) {
    return camera
        .filter(found -> unknownCameras)
        .flatMap(
            found ->
                image
                    .intrinsics()
                    .map(k -> Math.abs(found.focalPx() / Math.sqrt(k.fx() * k.fy()) - 1)));
  }

  private static String row(
      PairEntry pair, PoseReport report, Optional<PoseError> error, Optional<MatchScore> matches) {
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
            report.pose().map(found -> Integer.toString(found.inliers())).orElse(""),
            matches
                .map(MatchScore::medianPx)
                .filter(px -> !px.isInfinite())
                .map(EvaluatePairs::number)
                .orElse(""),
            matches.map(score -> number(score.near())).orElse("")));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static void write(Path file, List<Journal.Entry> entries) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (Journal.Entry entry : entries) {
      String row = entry.text().substring(entry.text().indexOf(SCORE_END) + 1);
      text.append(row).append('\n');
    }
    AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
