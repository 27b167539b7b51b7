package dev.mast3r.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.batch.BatchRun.Outcome;
import dev.mast3r.batch.Journal.Entry;
import dev.mast3r.error.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchRunTest {

  private static final List<String> ITEMS = List.of("a", "b", "c", "d");

  @TempDir Path folder;
  private final List<String> done = new ArrayList<>();

  private ResumeJournal journal(boolean resume) {
    return ResumeJournal.open(folder.resolve("j"), "f", ITEMS.size(), resume);
  }

  private static BatchRun<String> run(ResumeJournal journal) {
    return new BatchRun<>(
        journal,
        ProgressSink.quiet(),
        item -> "pair " + item,
        (item, reason) -> item + " failed: " + reason);
  }

  private Outcome succeed(String item) {
    done.add(item);
    return Outcome.success("row of " + item);
  }

  @Test
  void goesOnAfterAFailureAndKeepsTheOrder() throws Exception {
    try (ResumeJournal journal = journal(false)) {
      List<Entry> entries =
          run(journal)
              .run(
                  ITEMS,
                  item -> {
                    if (item.equals("b")) {
                      throw new InputException("b.png: no image");
                    }
                    if (item.equals("c")) {
                      throw new IllegalStateException("oops");
                    }
                    return succeed(item);
                  });

      assertEquals(
          List.of(
              new Entry(true, "row of a"),
              new Entry(false, "b failed: b.png: no image"),
              new Entry(false, "c failed: internal error: java.lang.IllegalStateException: oops"),
              new Entry(true, "row of d")),
          entries);
    }
  }

  @Test
  void tellsATaskWhatIsStillToComeAfterIt() throws Exception {
    try (ResumeJournal journal = journal(false)) {
      journal.record(1, new Entry(true, "known"));
      List<List<String>> seen = new ArrayList<>();

      run(journal)
          .run(
              ITEMS,
              2,
              (item, next) -> {
                seen.add(next);
                return succeed(item);
              });

      assertEquals(List.of("a", "c", "d"), done);
      assertEquals(List.of(List.of("c", "d"), List.of("d"), List.of()), seen);
    }
  }

  @Test
  void keepsTheTextOfAnItemThatCountsAsFailed() throws Exception {
    try (ResumeJournal journal = journal(false)) {
      List<Entry> entries =
          run(journal)
              .run(List.of("a"), item -> new Outcome("no pose of a", Optional.of("no pose")));

      assertEquals(List.of(new Entry(false, "no pose of a")), entries);
    }
  }

  @Test
  void neitherRedoesNorLosesWhatAKilledRunFinished() throws Exception {
    try (ResumeJournal journal = journal(false)) {
      BatchRun<String> run = run(journal);
      assertThrows(
          OutOfMemoryError.class,
          () ->
              run.run(
                  ITEMS,
                  item -> {
                    if (item.equals("b")) {
                      throw new InputException("bad");
                    }
                    if (item.equals("c")) {
                      throw new OutOfMemoryError();
                    }
                    return succeed(item);
                  }));
    }
    assertEquals(List.of("a"), done);

    try (ResumeJournal journal = journal(true)) {
      List<Entry> entries = run(journal).run(ITEMS, this::succeed);

      assertEquals(List.of("a", "c", "d"), done);
      assertEquals(
          List.of(
              new Entry(true, "row of a"),
              new Entry(false, "b failed: bad"),
              new Entry(true, "row of c"),
              new Entry(true, "row of d")),
          entries);
    }
  }

  @Test
  void stopsOnAnInterruptWithoutBlamingTheItem() throws IOException {
    try (ResumeJournal journal = journal(false)) {
      BatchRun<String> run = run(journal);
      InterruptedException stop =
          assertThrows(
              InterruptedException.class,
              () ->
                  run.run(
                      ITEMS,
                      item -> {
                        if (item.equals("b")) {
                          Thread.currentThread().interrupt();
                          throw new InputException("interrupted while reading");
                        }
                        return succeed(item);
                      }));

      assertEquals("stopped before item 2", stop.getMessage());
      assertEquals(1, journal.size());
    }
  }

  @Test
  void tellsHowItAdvances() throws Exception {
    List<String> told = new ArrayList<>();
    ProgressSink sink =
        new ProgressSink() {
          @Override
          public void started(int total, int finished) {
            told.add("started " + total + " " + finished);
          }

          @Override
          public void succeeded(String name) {
            told.add("succeeded " + name);
          }

          @Override
          public void failed(String name, String reason) {
            told.add("failed " + name + ": " + reason);
          }

          @Override
          public void ended() {
            told.add("ended");
          }
        };
    try (ResumeJournal journal = journal(false)) {
      journal.record(0, new Entry(true, "earlier"));
      new BatchRun<String>(journal, sink, item -> "pair " + item, (item, reason) -> "")
          .run(
              List.of("a", "b", "c"),
              item -> {
                if (item.equals("c")) {
                  throw new InputException("bad");
                }
                return Outcome.success("");
              });
    }

    assertEquals(List.of("started 3 1", "succeeded pair b", "failed pair c: bad", "ended"), told);
  }
}
