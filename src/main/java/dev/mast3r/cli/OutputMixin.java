package dev.mast3r.cli;

import dev.mast3r.batch.ProgressBar;
import dev.mast3r.batch.ProgressLog;
import dev.mast3r.batch.ProgressSink;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How much is told on the error stream. */
final class OutputMixin {

  private static final int TERMINAL_COLUMNS = 80;

  @Option(
      names = {"-q", "--quiet"},
      description = "no progress and no notices")
  boolean quiet;

  ProgressSink progress(Console console) {
    if (quiet) {
      return ProgressSink.quiet();
    }
    return console.interactive()
        ? new ProgressBar(console.err(), TERMINAL_COLUMNS, System::nanoTime)
        : new ProgressLog(console.err(), System::nanoTime);
  }

  Consumer<String> notices(Console console) {
    return notice -> {
      if (!quiet) {
        console.err().println("mast3r: " + notice);
      }
    };
  }
}
