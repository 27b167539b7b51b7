package dev.mast3r.app;

import dev.mast3r.match.MatchSet;
import dev.mast3r.report.PairReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the correspondences of one image pair and writes them. */
public final class MatchPair {

  private final PairMatcher matcher;

  public MatchPair(PairMatcher matcher) {
    this.matcher = matcher;
  }

  /**
   * Matches and writes.
   *
   * @return the correspondences, in original pixels
   * @throws dev.mast3r.error.InputException if an image cannot be read or a file cannot be written
   */
  public MatchSet run(Path a, Path b, MatchTarget target, PrintStream standardOutput) {
    Points points = target.format().needsPoints() ? Points.IN_A : Points.NONE;
    MatchedPair pair = matcher.match(PhotoFile.of(a), PhotoFile.of(b), (photoA, photoB) -> points);
    target.write(
        a.toString(),
        b.toString(),
        pair.matches(),
        pair.maps().map(NetworkMaps::raw),
        standardOutput);
    target.draw(pair.a().pixels(), pair.b().pixels(), pair.matches());
    target
        .report()
        .write(
            new PairReport(
                new PairReport.Photo(a.toString(), pair.a().pixels()),
                new PairReport.Photo(b.toString(), pair.b().pixels()),
                pair.matches(),
                Optional.empty(),
                List.of(PairFacts.run(matcher.model(), pair.seconds()))));
    return pair.matches();
  }
}
