package dev.mast3r.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.batch.Journal.Entry;
import dev.mast3r.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeJournalTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("poses.csv.journal");
  }

  private ResumeJournal open(boolean resume) {
    return ResumeJournal.open(file, "list 1, options 2", 10, resume);
  }

  private String messageOnOpening() {
    return assertThrows(InputException.class, () -> open(true).close()).getMessage();
  }

  @Test
  void remembersWhatWasFinished() throws IOException {
    try (ResumeJournal journal = open(false)) {
      journal.record(3, new Entry(true, "a,b,\u00e4\n \\n \\ second line\r\n"));
      journal.record(0, new Entry(false, ""));
    }

    try (ResumeJournal journal = open(true)) {
      assertEquals(2, journal.size());
      assertEquals(
          Optional.of(new Entry(true, "a,b,\u00e4\n \\n \\ second line\r\n")), journal.entry(3));
      assertEquals(Optional.of(new Entry(false, "")), journal.entry(0));
      assertEquals(Optional.empty(), journal.entry(1));
    }
  }

  @Test
  void keepsEveryWholeLineWhereverAKillTearsTheFile() throws IOException {
    int afterHead;
    int afterFirst;
    try (ResumeJournal journal = open(false)) {
      afterHead = (int) Files.size(file);
      journal.record(0, new Entry(true, "first"));
      afterFirst = (int) Files.size(file);
      journal.record(1, new Entry(true, "second"));
    }
    byte[] whole = Files.readAllBytes(file);

    for (int length = 0; length <= whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      int expected = length == whole.length ? 2 : length >= afterFirst ? 1 : 0;
      try (ResumeJournal journal = open(true)) {
        assertEquals(expected, journal.size(), "torn after " + length + " bytes");
        if (expected < 2) {
          journal.record(expected, new Entry(true, "again"));
        }
      }
      try (ResumeJournal journal = open(true)) {
        assertEquals(Math.min(expected + 1, 2), journal.size(), "torn after " + length);
      }
    }
    assertTrue(afterHead < afterFirst);
  }

  @Test
  void dropsALastLineOfWrongChecksum() throws IOException {
    try (ResumeJournal journal = open(false)) {
      journal.record(0, new Entry(true, "first"));
      journal.record(1, new Entry(true, "second"));
    }
    Files.writeString(file, Files.readString(file).replace("second", "secomd"));

    try (ResumeJournal journal = open(true)) {
      assertEquals(1, journal.size());
    }
  }

  @Test
  void refusesDamageThatIsNoTornEnd() throws IOException {
    try (ResumeJournal journal = open(false)) {
      journal.record(0, new Entry(true, "first"));
      journal.record(1, new Entry(true, "second"));
    }
    Files.writeString(file, Files.readString(file).replace("first", "fisrt"));

    assertEquals(file + ":2: expected a finished item, found a damaged line", messageOnOpening());
  }

  @Test
  void refusesTheJournalOfAnotherRun() throws IOException {
    ResumeJournal.open(file, "list 1, options 3", 10, false).close();

    assertEquals(
        file + ": the interrupted run had another list or other options; run without --resume",
        messageOnOpening());
  }

  @Test
  void refusesToOverwriteAFileThatIsNoJournal() throws IOException {
    Files.writeString(file, "my notes");

    assertEquals(
        file + ": expected a journal of this program, found another file",
        assertThrows(InputException.class, () -> open(false).close()).getMessage());
    assertEquals("my notes", Files.readString(file));
  }

  @Test
  void refusesASecondRunOfTheSameOutput() throws IOException {
    try (ResumeJournal journal = open(false)) {
      assertEquals(file + ": another run is writing to this output", messageOnOpening());
      journal.record(0, new Entry(true, "still fine"));
    }
  }

  @Test
  void beginsAnewUnlessToldToResume() throws IOException {
    try (ResumeJournal journal = open(false)) {
      journal.record(0, new Entry(true, "x"));
    }

    try (ResumeJournal journal = open(false)) {
      assertEquals(0, journal.size());
    }
    try (ResumeJournal journal = open(true)) {
      assertEquals(0, journal.size());
    }
  }

  @Test
  void isGoneOnceTheRunIsFinished() {
    ResumeJournal journal = open(false);
    journal.record(0, new Entry(true, "x"));

    journal.finish();

    assertFalse(Files.exists(file));
  }

  @Test
  void recordsForAnInterruptedThreadToo() throws IOException {
    try (ResumeJournal journal = open(false)) {
      Thread.currentThread().interrupt();
      journal.record(0, new Entry(true, "x"));
      assertTrue(Thread.interrupted());
    }
    try (ResumeJournal journal = open(true)) {
      assertEquals(1, journal.size());
    }
  }

  @Test
  void saysThatItsFolderIsMissing() {
    Path nowhere = folder.resolve("none").resolve("j");

    String message =
        assertThrows(InputException.class, () -> ResumeJournal.open(nowhere, "f", 1, false).close())
            .getMessage();

    assertTrue(message.startsWith("cannot write " + nowhere + ": "), message);
  }
}
