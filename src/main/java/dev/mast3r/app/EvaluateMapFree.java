package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.batch.BatchRun;
import dev.mast3r.batch.Journal;
import dev.mast3r.batch.ResumeJournal;
import dev.mast3r.eval.MapFreeFrameScore;
import dev.mast3r.eval.MapFreeScene;
import dev.mast3r.eval.MapFreeSceneScore;
import dev.mast3r.output.CsvRow;
import dev.mast3r.output.MapFreePose;
import dev.mast3r.output.MapFreeSubmission;
import dev.mast3r.output.PoseReport;
import dev.mast3r.pose.PoseResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Estimates the poses of Map-free queries, writes a submission and measures it. */
public final class EvaluateMapFree {

  private static final String HEADER =
      "scene,frame,success,reason,trans_err_m,rot_err_deg,vcre_px,confidence";

  private final EstimatePair estimator;
  private boolean metric = true;

  public EvaluateMapFree(EstimatePair estimator) {
    this.estimator = estimator;
  }

  /**
   * What came of a run.
   *
   * @param scenes the scores of the scenes whose true poses are told
   * @param outcome how many queries there were, and how many without a pose
   * @param metric whether all translations that were estimated in this run are in metres
   */
  public record Result(List<MapFreeSceneScore> scenes, ListOutcome outcome, boolean metric) {
    public Result {
      scenes = List.copyOf(scenes);
    }
  }

  /**
   * Runs all queries. The files appear whole when the last one is done; until then a journal beside
   * the first of them keeps what is finished.
   */
  public Result run(MapFreeRun run) throws InterruptedException {
    List<MapFreeRun.Query> queries = run.queries();
    if (run.journal().isEmpty()) {
      return conclude(run, queries, work(run, queries, Journal.none()));
    }
    try (ResumeJournal journal =
        ResumeJournal.open(run.journal().get(), run.fingerprint(), queries.size(), run.resume())) {
      Result result = conclude(run, queries, work(run, queries, journal));
      journal.finish();
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An entry's text is the query's line in the submission, or the reason why it has none. */
  private List<Journal.Entry> work(MapFreeRun run, List<MapFreeRun.Query> queries, Journal journal)
      throws InterruptedException {
    BatchRun<MapFreeRun.Query> batch =
        new BatchRun<>(journal, run.progress(), MapFreeRun.Query::name, (query, reason) -> reason);
    return batch.run(
        queries,
        query -> {
          PoseReport report = estimator.estimate(query.task()).report();
          Optional<String> line = MapFreePose.line(report);
          metric &= report.pose().map(PoseResult.Found::metric).orElse(true);
          return new BatchRun.Outcome(
              line.or(report::reason).orElse(""),
              line.isPresent() ? Optional.empty() : report.reason());
        });
  }

  private Result conclude(
      MapFreeRun run, List<MapFreeRun.Query> queries, List<Journal.Entry> entries) {
    Map<String, List<String>> lines = new LinkedHashMap<>();
    Map<String, List<MapFreeSubmission.Pose>> poses = new LinkedHashMap<>();
    run.scenes().forEach(scene -> lines.put(scene.name(), new ArrayList<>()));
    run.scenes().forEach(scene -> poses.put(scene.name(), new ArrayList<>()));
    StringBuilder rows = new StringBuilder(HEADER).append('\n');
    int failed = 0;
    for (int i = 0; i < queries.size(); i++) {
      MapFreeRun.Query query = queries.get(i);
      Journal.Entry entry = entries.get(i);
      // what is measured is what is written: the line with its rounding
      Optional<MapFreeSubmission.Pose> pose =
          Optional.of(entry.text())
              .filter(line -> entry.success())
              .flatMap(line -> MapFreeSubmission.parse(line, query.name()));
      if (pose.isPresent()) {
        lines.get(query.scene().name()).add(entry.text());
        poses.get(query.scene().name()).add(pose.get());
      } else {
        failed++;
      }
      rows.append(row(query, entry, pose)).append('\n');
    }
    run.submission()
        .ifPresent(file -> AtomicFile.write(file, out -> MapFreeSubmission.write(out, lines)));
    run.table().ifPresent(file -> write(file, rows.toString()));
    List<MapFreeSceneScore> scores =
        run.scenes().stream()
            .filter(MapFreeScoring::isTold)
            .map(scene -> MapFreeScoring.score(scene, run.step(), poses.get(scene.name())))
            .toList();
    return new Result(scores, new ListOutcome(queries.size(), failed), metric);
  }

  private static String row(
      MapFreeRun.Query query, Journal.Entry entry, Optional<MapFreeSubmission.Pose> pose) {
    MapFreeScene scene = query.scene();
    Optional<MapFreeFrameScore> score =
        pose.flatMap(
            found ->
                scene
                    .queryFromReference(query.frame())
                    .map(truth -> MapFreeScoring.score(scene, query.frame(), truth, found)));
    return CsvRow.of(
        List.of(
            scene.name(),
            query.frame().path(),
            Boolean.toString(pose.isPresent()),
            pose.isPresent() ? "" : entry.text(),
            score.map(s -> number(s.translationM())).orElse(""),
            score.map(s -> number(s.rotationDeg())).orElse(""),
            score.map(s -> number(s.vcrePx())).orElse(""),
            pose.map(p -> number(p.confidence())).orElse("")));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static void write(Path file, String text) {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
