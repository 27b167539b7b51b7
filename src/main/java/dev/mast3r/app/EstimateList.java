package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.batch.BatchRun;
import dev.mast3r.batch.Journal;
import dev.mast3r.batch.PairEntry;
import dev.mast3r.batch.ResumeJournal;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.output.PoseReport;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Estimates the poses of a list, one row a pair in the list's order. */
public final class EstimateList {

  private final EstimatePair estimator;
  private final String model;
  private final PoseFormat format;
  private final Optional<Intrinsics> intrinsicsA;
  private final Optional<Intrinsics> intrinsicsB;

  /**
   * @param model name of the model, for rows of pairs that failed early
   * @param intrinsicsA for pairs whose list gives none
   * @param intrinsicsB likewise
   */
  public EstimateList(
      EstimatePair estimator,
      String model,
      PoseFormat format,
      Optional<Intrinsics> intrinsicsA,
      Optional<Intrinsics> intrinsicsB) {
    this.estimator = estimator;
    this.model = model;
    this.format = format;
    this.intrinsicsA = intrinsicsA;
    this.intrinsicsB = intrinsicsB;
  }

  /**
   * Runs the list. The file appears whole when the last pair is done; until then a journal beside
   * it keeps what is finished.
   */
  public ListOutcome toFile(ListRequest request, Path file) throws InterruptedException {
    Path journalFile = file.resolveSibling(file.getFileName() + ".journal");
    int total = request.list().pairs().size();
    try (ResumeJournal journal =
        ResumeJournal.open(journalFile, request.fingerprint(), total, request.resume())) {
      List<Journal.Entry> entries = run(request, journal, row -> {});
      AtomicFile.write(
          file,
          out -> {
            StringBuilder text = new StringBuilder();
            format.header().ifPresent(line -> text.append(line).append('\n'));
            entries.stream()
                .map(Journal.Entry::text)
                .filter(row -> !row.isEmpty())
                .forEach(row -> text.append(row).append('\n'));
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
          });
      journal.finish();
      return outcome(entries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the list and prints every row as its pair is done. */
  public ListOutcome toStream(ListRequest request, PrintStream out) throws InterruptedException {
    format.header().ifPresent(out::println);
    return outcome(
        run(
            request,
            Journal.none(),
            row -> {
              if (!row.isEmpty()) {
                out.println(row);
                out.flush();
              }
            }));
  }

  private List<Journal.Entry> run(ListRequest request, Journal journal, Consumer<String> rows)
      throws InterruptedException {
    BatchRun<PairEntry> batch =
        new BatchRun<>(
            journal,
            request.progress(),
            PairEntry::name,
            (entry, reason) -> {
              String row =
                  row(PoseReport.failed(entry.a().name(), entry.b().name(), reason, model));
              rows.accept(row);
              return row;
            });
    return batch.run(
        request.list().pairs(),
        estimator.lookAhead(request.batch()),
        (entry, next) -> {
          estimator.expect(PoseTask.of(next, intrinsicsA, intrinsicsB));
          PoseReport report =
              estimator.estimate(PoseTask.of(entry, intrinsicsA, intrinsicsB)).report();
          String row = row(report);
          rows.accept(row);
          return new BatchRun.Outcome(row, report.reason());
        });
  }

  private String row(PoseReport report) {
    return format.line(report).orElse("");
  }

  private static ListOutcome outcome(List<Journal.Entry> entries) {
    long failed = entries.stream().filter(entry -> !entry.success()).count();
    return new ListOutcome(entries.size(), (int) failed);
  }
}
