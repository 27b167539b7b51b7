package dev.mast3r.cli;

import dev.mast3r.store.ModelDownload;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Says how far a download is: on a terminal one line that is written again at each percent, else a
 * line each ten percent; by megabytes where the whole is not known.
 */
final class DownloadProgress implements ModelDownload.Progress {

  private static final double MEGABYTE = 1e6;

  private final PrintWriter err;
  private final boolean interactive;
  private long lastStep = -1;

  DownloadProgress(PrintWriter err, boolean interactive) {
    this.err = err;
    this.interactive = interactive;
  }

  @Override
  public void at(long bytes, OptionalLong total) {
    int steps = interactive ? 100 : 10;
    long step =
        total.isPresent()
            ? bytes * steps / Math.max(1, total.getAsLong())
            : (long) (bytes / MEGABYTE * steps / 1000);
    if (step == lastStep) {
      return;
    }
    lastStep = step;
    String whole =
        total.isPresent()
            ? String.format(Locale.ROOT, " of %.1f MB", total.getAsLong() / MEGABYTE)
            : " MB";
    String line = String.format(Locale.ROOT, "downloaded %.1f%s", bytes / MEGABYTE, whole);
    if (interactive) {
      boolean done = total.isPresent() && bytes == total.getAsLong();
      err.print("\r" + line + (done ? System.lineSeparator() : ""));
    } else {
      err.println("mast3r: " + line);
    }
    err.flush();
  }
}
