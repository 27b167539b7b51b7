package dev.mast3r.batch;

import java.io.PrintWriter;
import java.util.function.LongSupplier;

/** Plain lines for a log: one a failure, and how far the list is at most every ten seconds. */
public final class ProgressLog implements ProgressSink {

  private static final long INTERVAL_NANOS = 10_000_000_000L;

  private final PrintWriter log;
  private final LongSupplier nanoTime;
  private ProgressCount count;
  private long loggedAt;

  /**
   * @param nanoTime a clock, such as {@code System::nanoTime}
   */
  public ProgressLog(PrintWriter log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.count = new ProgressCount(nanoTime, 0, 0);
  }

  @Override
  public void started(int total, int finished) {
    count = new ProgressCount(nanoTime, total, finished);
    loggedAt = nanoTime.getAsLong();
    if (finished > 0) {
      line(finished + " of " + total + " pairs are finished already");
    }
  }

  @Override
  public void succeeded(String name) {
    count.success();
    logIfDue();
  }

  @Override
  public void failed(String name, String reason) {
    count.failure();
    line(name + ": " + reason);
    logIfDue();
  }

  @Override
  public void ended() {
    line(count.summary());
  }

  private void logIfDue() {
    if (nanoTime.getAsLong() - loggedAt >= INTERVAL_NANOS && count.finished() < count.total()) {
      line(count.summary());
      loggedAt = nanoTime.getAsLong();
    }
  }

  private void line(String text) {
    log.println(text);
    log.flush();
  }
}
