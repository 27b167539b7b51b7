package dev.mast3r.app;

import dev.mast3r.match.FastReciprocalMatcher;
import dev.mast3r.match.MatchSet;
import dev.mast3r.report.PairReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the correspondences of one image pair and writes them. */
public final class MatchPair {

  private final PairMatcher matcher;
  private final PhotoMasks masks;
  private final FastReciprocalMatcher basins;

  /**
   * @param masks those that the matcher has
   * @param threads of finding convergence basins
   */
  public MatchPair(PairMatcher matcher, PhotoMasks masks, MatchSettings settings, int threads) {
    this.matcher = matcher;
    this.masks = masks;
    this.basins = settings.toBasinMatcher(threads);
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
    pair.maps().ifPresent(maps -> target.drawBasins(maps.raw(), masks, basins));
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
