package dev.mast3r.batch;

import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * One line on a terminal that is drawn over and over: a bar, pairs per second and time left.
 * Failures stay on the screen as lines above it.
 */
public final class ProgressBar implements ProgressSink {

  private static final int BAR = 24;
  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintWriter terminal;
  private final LongSupplier nanoTime;
  private final int columns;
  private ProgressCount count;
  private long drawnAt;
  private int drawnLength;

  /**
   * @param columns the width of the terminal in characters
   * @param nanoTime a clock, such as {@code System::nanoTime}
   */
  public ProgressBar(PrintWriter terminal, int columns, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.columns = columns;
    this.nanoTime = nanoTime;
    this.count = new ProgressCount(nanoTime, 0, 0);
  }

  @Override
  public void started(int total, int finished) {
    count = new ProgressCount(nanoTime, total, finished);
    draw();
  }

  @Override
  public void succeeded(String name) {
    count.success();
    drawIfDue();
  }

  @Override
  public void failed(String name, String reason) {
    count.failure();
    clear();
    terminal.println(name + ": " + reason);
    draw();
  }

  @Override
  public void ended() {
    draw();
    terminal.println();
    terminal.flush();
  }

  private void drawIfDue() {
    if (nanoTime.getAsLong() - drawnAt >= REDRAW_NANOS) {
      draw();
    }
  }

  private void draw() {
    int filled = count.total() == 0 ? BAR : (int) ((long) BAR * count.finished() / count.total());
    String line = "[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] " + count.summary();
    // a line that wraps could not be drawn over
    String fitting = line.substring(0, Math.min(line.length(), Math.max(columns - 1, 0)));
    clear();
    terminal.print(fitting);
    terminal.flush();
    drawnLength = fitting.length();
    drawnAt = nanoTime.getAsLong();
  }

  private void clear() {
    if (drawnLength > 0) {
      terminal.print("\r" + " ".repeat(drawnLength) + "\r");
      drawnLength = 0;
    }
  }
}
