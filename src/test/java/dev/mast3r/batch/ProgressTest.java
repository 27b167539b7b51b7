package dev.mast3r.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final StringWriter written = new StringWriter();
  private long nanos = 5_000_000_000L;

  private void pass(double seconds) {
    nanos += Math.round(seconds * 1e9);
  }

  private ProgressBar bar(int columns) {
    return new ProgressBar(new PrintWriter(written), columns, () -> nanos);
  }

  /** Returns what a terminal shows in the end: text behind the last carriage return of a line. */
  private List<String> screen() {
    return Arrays.stream(written.toString().split("\\n"))
        .map(line -> line.substring(line.lastIndexOf('\r') + 1))
        .toList();
  }

  @Test
  void barShowsSpeedAndTimeLeft() {
    ProgressBar bar = bar(100);
    bar.started(8, 0);
    for (int i = 0; i < 2; i++) {
      pass(0.4);
      bar.succeeded("p");
    }

    assertEquals(List.of("[######                  ] 2/8, 2.5 pairs/s, 0:02 left"), screen());
  }

  @Test
  void barDoesNotCountEarlierPairsForTheSpeed() {
    ProgressBar bar = bar(100);
    bar.started(100, 50);
    pass(100);
    bar.succeeded("p");

    assertEquals(
        List.of("[############            ] 51/100, 0.010 pairs/s, 1:21:40 left"), screen());
  }

  @Test
  void barKeepsFailuresAboveAndEndsItsLine() {
    ProgressBar bar = bar(100);
    bar.started(2, 0);
    pass(1);
    bar.failed("a b", "a: no image");
    pass(1);
    bar.succeeded("c d");
    bar.ended();

    assertEquals(
        List.of(
            "a b: a: no image",
            "[########################] 2/2, 1 failed, 1.0 pairs/s, 0:02 in all"),
        screen());
    assertTrue(written.toString().endsWith(System.lineSeparator()));
  }

  @Test
  void barNeverWrapsAndIsNotDrawnTooOften() {
    ProgressBar bar = bar(20);
    bar.started(1000, 0);
    for (int i = 0; i < 500; i++) {
      pass(0.001);
      bar.succeeded("p");
    }

    List<String> drawn = List.of(written.toString().split("\r"));
    assertTrue(drawn.stream().allMatch(line -> line.length() < 20));
    assertEquals(6, drawn.stream().filter(line -> line.startsWith("[")).count());
  }

  @Test
  void logWritesALineEveryTenSecondsAndEveryFailure() {
    ProgressLog log = new ProgressLog(new PrintWriter(written), () -> nanos);
    log.started(30, 6);
    for (int i = 0; i < 23; i++) {
      pass(1);
      log.succeeded("p");
    }
    log.failed("a b", "too few matches");
    log.ended();

    assertEquals(
        List.of(
            "6 of 30 pairs are finished already",
            "16/30, 1.0 pairs/s, 0:14 left",
            "26/30, 1.0 pairs/s, 0:04 left",
            "a b: too few matches",
            "30/30, 1 failed, 1.0 pairs/s, 0:23 in all"),
        screen());
  }
}
