package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.error.InputException;
import dev.mast3r.eval.Baseline;
import dev.mast3r.eval.Baseline.Comparison;
import dev.mast3r.eval.BaselineJson;
import dev.mast3r.eval.Figure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The baseline file of a benchmark run: read before the work, so that a bad one costs nothing, and
 * compared or rewritten after it.
 */
public final class BaselineFile {

  private final Path file;
  private final String benchmark;
  private final int items;
  private final boolean update;
  private final Optional<Baseline> before;

  private BaselineFile(
      Path file, String benchmark, int items, boolean update, Optional<Baseline> before) {
    this.file = file;
    this.benchmark = benchmark;
    this.items = items;
    this.update = update;
    this.before = before;
  }

  /**
   * Reads the file.
   *
   * @param benchmark which one is going to be run
   * @param items how many pairs or frames it has
   * @param update whether the file is to be written anew; it need not exist then, nor be of the
   *     same data
   * @throws InputException if there is no such file, or it is malformed or of other data
   */
  public static BaselineFile open(Path file, String benchmark, int items, boolean update) {
    if (update) {
      MatchTarget.checkFolder("--baseline", file);
    }
    Optional<Baseline> before = read(file);
    if (!update) {
      Baseline baseline =
          before.orElseThrow(
              () ->
                  new InputException(
                      file + ": no such baseline; --update-baseline writes it anew"));
      check(file, "benchmark", benchmark, baseline.benchmark());
      check(file, "items", Integer.toString(items), Integer.toString(baseline.items()));
    }
    return new BaselineFile(
        file, benchmark, items, update, before.filter(b -> b.benchmark().equals(benchmark)));
  }

  private static Optional<Baseline> read(Path file) {
    try {
      return Optional.of(BaselineJson.parse(Files.readString(file), file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new InputException(file + ": cannot read the baseline: " + e.getMessage(), e);
    }
  }

  private static void check(Path file, String key, String expected, String found) {
    if (!expected.equals(found)) {
      throw new InputException(
          file + ": " + key + ": expected " + expected + ", as in this run, found " + found);
    }
  }

  /** Returns whether the file is to be written anew rather than compared with. */
  public boolean isUpdate() {
    return update;
  }

  /**
   * Sets figures beside the file's; none if there was no file.
   *
   * @throws InputException if the file has a figure that the benchmark does not
   */
  public List<Comparison> compare(List<Figure> figures) {
    before
        .filter(baseline -> !update)
        .flatMap(baseline -> baseline.unknown(figures))
        .ifPresent(
            name -> {
              List<String> known = figures.stream().map(Figure::name).toList();
              throw new InputException(
                  file
                      + ": expected figures among "
                      + String.join(", ", known)
                      + ", found '"
                      + name
                      + "'");
            });
    return before.map(baseline -> baseline.compare(figures)).orElse(List.of());
  }

  /**
   * Writes the figures in place of the file's; slacks stay.
   *
   * @param madeWith what made them, for readers
   */
  public void write(Map<String, String> madeWith, List<Figure> figures) {
    String json = BaselineJson.of(Baseline.of(benchmark, items, madeWith, figures, before));
    AtomicFile.write(file, out -> out.write(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
