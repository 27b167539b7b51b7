package dev.mast3r.batch;

import java.util.Locale;
import java.util.function.LongSupplier;

/** Counts the items of a list and foretells how long the rest takes. */
final class ProgressCount {

  private final LongSupplier nanoTime;
  private final int total;
  private final int before;
  private final long start;
  private int succeeded;
  private int failed;

  /**
   * @param before how many items were finished by an earlier run; they do not count for the speed
   */
  ProgressCount(LongSupplier nanoTime, int total, int before) {
    this.nanoTime = nanoTime;
    this.total = total;
    this.before = before;
    this.start = nanoTime.getAsLong();
  }

  void success() {
    succeeded++;
  }

  void failure() {
    failed++;
  }

  int total() {
    return total;
  }

  int finished() {
    return before + succeeded + failed;
  }

  /** Returns {@code 12/40}, {@code , 2 failed} if so, the speed, and the time left or taken. */
  String summary() {
    double seconds = (nanoTime.getAsLong() - start) * 1e-9;
    int done = succeeded + failed;
    StringBuilder text = new StringBuilder().append(finished()).append('/').append(total);
    if (failed > 0) {
      text.append(", ").append(failed).append(" failed");
    }
    if (done > 0 && seconds > 0) {
      text.append(String.format(Locale.ROOT, ", %s pairs/s", speed(done / seconds)));
      int left = total - finished();
      text.append(
          left > 0
              ? ", " + duration(seconds / done * left) + " left"
              : ", " + duration(seconds) + " in all");
    }
    return text.toString();
  }

  private static String speed(double pairsASecond) {
    int digits = pairsASecond >= 10 ? 0 : pairsASecond >= 1 ? 1 : 3;
    return String.format(Locale.ROOT, "%." + digits + "f", pairsASecond);
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
