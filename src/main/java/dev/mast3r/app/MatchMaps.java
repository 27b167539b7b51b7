package dev.mast3r.app;

import dev.mast3r.error.UsageException;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.DenseMatching;
import dev.mast3r.match.FastReciprocalMatcher;
import dev.mast3r.match.KernelChoice;
import dev.mast3r.match.MatchSet;
import dev.mast3r.model.EngineMatcher;
import dev.mast3r.model.EngineOptions;
import dev.mast3r.output.NpzRawMaps;
import dev.mast3r.output.RawMaps;
import dev.mast3r.report.PairReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Matches again from saved maps, without the network. */
public final class MatchMaps {

  private final NetworkOptions options;
  private final MatchSettings settings;
  private final FastReciprocalMatcher basins;

  /**
   * @param options of which device and threads count
   * @throws UsageException if the settings ask for windows of the photos, which saved maps do not
   *     bring along
   */
  public MatchMaps(NetworkOptions options, MatchSettings settings) {
    if (settings.fine() == Fine.WINDOWS) {
      throw new UsageException(
          "option '--fine': windows need the photos, not saved maps; '--fine=local' does not");
    }
    this.options = options;
    this.settings = settings;
    this.basins = settings.toBasinMatcher(options.threads());
  }

  /**
   * Reads, matches and writes.
   *
   * @param file raw maps as {@code reconstruct -o maps.npz} writes them
   * @return the correspondences, in original pixels
   * @throws dev.mast3r.error.InputException if the file cannot be read or an output cannot be
   *     written
   */
  public MatchSet run(Path file, MatchTarget target, PrintStream standardOutput) {
    RawMaps raw = NpzRawMaps.read(file);
    MatchSet matches = match(raw);
    target.write("a", "b", matches, Optional.of(raw), standardOutput);
    target.drawBasins(raw, PhotoMasks.none(), basins);
    MatchSet onMaps = inNetworkPixels(raw, matches);
    target.draw(raw.imageA(), raw.imageB(), onMaps);
    target
        .report()
        .write(
            new PairReport(
                new PairReport.Photo(file + " (A)", raw.imageA()),
                new PairReport.Photo(file + " (B)", raw.imageB()),
                onMaps,
                Optional.empty(),
                List.of()));
    return matches;
  }

  private MatchSet match(RawMaps raw) {
    if (settings.kernel() != KernelChoice.ENGINE) {
      return match(raw, settings.toMatchingOfOnePair(options.threads()));
    }
    EngineOptions engine =
        new EngineOptions(options.device(), options.precision(), options.threads());
    try (EngineMatcher matcher = EngineMatcher.open(engine, settings.seedImages())) {
      return match(raw, settings.toMatching(options.threads(), matcher));
    }
  }

  private MatchSet match(RawMaps raw, DenseMatching matching) {
    return matching.match(
        raw.maps().a(),
        raw.maps().b(),
        raw.originalFromNetworkA(),
        raw.originalFromNetworkB(),
        settings.toOptions(Optional.empty(), raw.maps().a().descriptors().isPresent()));
  }

  /** The file has no originals to draw on. */
  private static MatchSet inNetworkPixels(RawMaps raw, MatchSet matches) {
    PixelTransform networkFromA = raw.originalFromNetworkA().inverse();
    PixelTransform networkFromB = raw.originalFromNetworkB().inverse();
    return new MatchSet(
        matches.correspondences().stream()
            .map(
                match ->
                    new Correspondence(
                        networkFromA.applyX(match.xA()),
                        networkFromA.applyY(match.yA()),
                        networkFromB.applyX(match.xB()),
                        networkFromB.applyY(match.yB()),
                        match.confidence()))
            .toList());
  }
}
