package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.batch.BatchRun;
import dev.mast3r.batch.Journal;
import dev.mast3r.batch.ListedImage;
import dev.mast3r.batch.PairEntry;
import dev.mast3r.batch.ResumeJournal;
import dev.mast3r.error.InputException;
import dev.mast3r.output.CsvRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Matches a list, one file a pair, named by the pair's place in the list and its images: {@code
 * 000001_im0_im1.csv}. A table {@code pairs.csv} beside them says which is which.
 */
public final class MatchList {

  private static final String TABLE_HEADER = "image_a,image_b,file,matches,reason";

  private final PairMatcher matcher;
  private final MatchFormat format;
  private final Path folder;

  public MatchList(PairMatcher matcher, MatchFormat format, Path folder) {
    this.matcher = matcher;
    this.format = format;
    this.folder = folder;
  }

  /**
   * Runs the list. A pair's file appears whole when the pair is done, the table when the last one
   * is.
   *
   * @throws InputException if the folder cannot be made or written to
   */
  public ListOutcome run(ListRequest request) throws InterruptedException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InputException("cannot make the folder " + folder + ": " + e.getMessage(), e);
    }
    List<PairEntry> pairs = request.list().pairs();
    try (ResumeJournal journal =
        ResumeJournal.open(
            folder.resolve(".mast3r.journal"),
            request.fingerprint(),
            pairs.size(),
            request.resume())) {
      BatchRun<Item> batch =
          new BatchRun<>(
              journal,
              request.progress(),
              item -> item.entry().name(),
              (item, reason) -> row(item.entry(), "", "", reason));
      List<Journal.Entry> entries =
          batch.run(items(pairs), matcher.lookAhead(request.batch()), this::matchOne);
      AtomicFile.write(
          folder.resolve("pairs.csv"),
          out -> {
            StringBuilder table = new StringBuilder(TABLE_HEADER).append('\n');
            entries.forEach(entry -> table.append(entry.text()).append('\n'));
            out.write(table.toString().getBytes(StandardCharsets.UTF_8));
          });
      journal.finish();
      long failed = entries.stream().filter(entry -> !entry.success()).count();
      return new ListOutcome(entries.size(), (int) failed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A pair and its place in the list, from 1. */
  private record Item(int number, PairEntry entry) {

    String fileName(MatchFormat format) {
      return String.format(
          Locale.ROOT,
          "%06d_%s_%s%s",
          number,
          stem(entry.a().path()),
          stem(entry.b().path()),
          format.extension());
    }

    private static String stem(Path image) {
      return String.valueOf(image.getFileName())
          .replaceFirst("\\.[^.]*$", "")
          .replaceAll("[^A-Za-z0-9._-]", "_");
    }
  }

  private static List<Item> items(List<PairEntry> pairs) {
    return IntStream.range(0, pairs.size()).mapToObj(i -> new Item(i + 1, pairs.get(i))).toList();
  }

  private BatchRun.Outcome matchOne(Item item, List<Item> next) {
    PairEntry entry = item.entry();
    String fileName = item.fileName(format);
    Points points = format.needsPoints() ? Points.IN_A : Points.NONE;
    matcher.expect(
        next.stream()
            .map(Item::entry)
            .map(pair -> new ExpectedPair(photo(pair.a()), photo(pair.b()), (a, b) -> points))
            .toList());
    MatchedPair pair = matcher.match(photo(entry.a()), photo(entry.b()), (a, b) -> points);
    AtomicFile.write(
        folder.resolve(fileName),
        out ->
            format.write(
                out,
                entry.a().name(),
                entry.b().name(),
                pair.matches(),
                pair.maps().map(NetworkMaps::raw)));
    int count = pair.matches().size();
    Optional<String> failure = count == 0 ? Optional.of("no matches") : Optional.empty();
    return new BatchRun.Outcome(
        row(entry, fileName, Integer.toString(count), failure.orElse("")), failure);
  }

  private static PhotoFile photo(ListedImage image) {
    return new PhotoFile(image.path(), image.turns());
  }

  private static String row(PairEntry entry, String file, String matches, String reason) {
    return CsvRow.of(List.of(entry.a().name(), entry.b().name(), file, matches, reason));
  }
}
