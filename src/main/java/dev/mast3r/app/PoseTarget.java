package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.output.PoseReport;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where poses go.
 *
 * @param file empty: standard output
 * @param chosenFormat empty: JSON for one pair, CSV for a list
 * @param list whether the poses are those of a list
 */
public record PoseTarget(Optional<Path> file, Optional<PoseFormat> chosenFormat, boolean list) {

  /** Returns the format to write. */
  public PoseFormat format() {
    return chosenFormat.orElse(list ? PoseFormat.CSV : PoseFormat.JSON);
  }

  /**
   * Checks the file's name before any work is done.
   *
   * @throws dev.mast3r.error.UsageException if its folder does not exist
   */
  public void check() {
    file.ifPresent(path -> MatchTarget.checkFolder("-o", path));
  }

  /**
   * Writes the pose of one pair.
   *
   * @throws dev.mast3r.error.InputException if the file cannot be written
   */
  public void write(PoseReport report, PrintStream standardOutput) {
    StringBuilder text = new StringBuilder();
    format().header().ifPresent(line -> text.append(line).append('\n'));
    format().line(report).ifPresent(line -> text.append(line).append('\n'));
    if (file.isPresent()) {
      AtomicFile.write(
          file.get(), out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    } else {
      standardOutput.print(text);
    }
  }
}
