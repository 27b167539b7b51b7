package dev.mast3r.app;

import static java.util.Comparator.comparingInt;

import dev.mast3r.dense.PairMaps;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.CellMerge;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.DenseMatching;
import dev.mast3r.match.MatchOptions;
import dev.mast3r.match.MatchSet;
import dev.mast3r.match.NetworkFrame;
import dev.mast3r.match.NetworkView;
import dev.mast3r.match.ScoredMatches;
import dev.mast3r.match.SpatialSelection;
import dev.mast3r.match.Window;
import dev.mast3r.match.WindowLayout;
import dev.mast3r.match.WindowPair;
import dev.mast3r.match.WindowPlan;
import dev.mast3r.model.EncodedImage;
import dev.mast3r.output.RawMaps;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Coarse-to-fine matching (arXiv 2406.09756, section 3.4): the matches of the whole photos say
 * which windows of the full-resolution ones belong together, and those are matched on their own.
 *
 * <p>Beside the photos it holds the maps of one pair of windows, a limited number of encoded
 * windows and a limited number of matches, however large the photos are. Departs from the paper in
 * that photos of different sizes are brought to one size, and that matches of overlapping windows
 * are merged where they begin within one step of the seed grid.
 */
final class FineMatcher {

  private static final long ENCODED_WINDOWS_BYTES = 256L * 1024 * 1024;

  /** The whole photos are matched this densely, as a window needs 10 matches to be considered. */
  private static final int SEEDS_A_WINDOW = 40;

  /** Among so many candidates for each match asked for, an even choice is possible. */
  private static final int CANDIDATES_A_MATCH = 100;

  private static final double SECONDS_BETWEEN_NOTICES = 10;

  private static final Comparator<WindowPair> ROW_BY_ROW =
      comparingInt((WindowPair pair) -> pair.a().top())
          .thenComparingInt(pair -> pair.a().left())
          .thenComparingInt(pair -> pair.b().top())
          .thenComparingInt(pair -> pair.b().left());

  private final PairPredictor predictor;
  private final DenseMatching matching;
  private final MatchOptions options;
  private final PhotoMasks masks;
  private final Optional<EngineMatching> inEngine;
  private final OptionalInt maxSidePx;
  private final Consumer<String> notice;

  /**
   * @param options of the matches that are asked for
   * @param masks what takes part of every pair
   * @param inEngine how the engine matches windows, where it does
   * @param maxSidePx windows are cut from photos of at most this long side; empty: of any
   * @param notice is told how far the windows have come, now and then
   */
  FineMatcher(
      PairPredictor predictor,
      DenseMatching matching,
      MatchOptions options,
      PhotoMasks masks,
      Optional<EngineMatching> inEngine,
      OptionalInt maxSidePx,
      Consumer<String> notice) {
    this.predictor = predictor;
    this.matching = matching;
    this.options = options;
    this.masks = masks;
    this.inEngine = inEngine;
    this.maxSidePx = maxSidePx;
    this.notice = notice;
  }

  /**
   * Matches the windows of a pair.
   *
   * @param pair what the network said of the whole photos
   * @return empty if there is nothing to go on with: the photos are no larger than the network's
   *     images, or no windows belong together
   */
  Optional<MatchedPair> match(PredictedPair pair) {
    Stopwatch watch = new Stopwatch();
    RgbImage photoA = pair.a().pixels();
    RgbImage photoB = pair.b().pixels();
    int sideA = frameSide(photoA, photoB);
    int sideB = frameSide(photoB, photoA);
    if (Math.min(sideA, sideB) <= predictor.longSidePx()
        || isTooNarrow(photoA, sideA)
        || isTooNarrow(photoB, sideB)) {
      return Optional.empty();
    }
    FineFrame a = FineFrame.of(photoA, sideA, predictor.longSidePx(), predictor.patchSizePx());
    FineFrame b = FineFrame.of(photoB, sideB, predictor.longSidePx(), predictor.patchSizePx());
    List<WindowPair> windows =
        new WindowPlan(a.layout(), b.layout()).select(coarseMatches(pair.maps().raw(), a, b));
    double planned = watch.lap();
    if (windows.isEmpty()) {
      return Optional.empty();
    }
    PredictedPair before = pair.withSeconds(pair.seconds().plus(0, 0, planned));
    return Optional.of(matchWindows(before, a, b, windows.stream().sorted(ROW_BY_ROW).toList()));
  }

  /**
   * Returns the long side of the image that a photo's windows are cut from: that of the larger
   * photo, so that the windows show the scene in the same proportion as the images did in which the
   * network saw both photos whole. A photo is not blown up to more pixels than the other one has.
   */
  private int frameSide(RgbImage photo, RgbImage other) {
    int longSide = FineFrame.longSide(photo);
    double growth = Math.max(1, Math.sqrt(pixelCount(other) / pixelCount(photo)));
    int larger = Math.max(longSide, FineFrame.longSide(other));
    return Math.min(maxSidePx.orElse(larger), Math.min(larger, (int) (longSide * growth)));
  }

  private boolean isTooNarrow(RgbImage photo, int frameSide) {
    double shortSide = Math.min(photo.width(), photo.height());
    return shortSide * frameSide / FineFrame.longSide(photo) < predictor.patchSizePx();
  }

  private static double pixelCount(RgbImage photo) {
    return (double) photo.width() * photo.height();
  }

  /** Matches of the whole photos, in pixels of the two frames. */
  private List<Correspondence> coarseMatches(RawMaps raw, FineFrame a, FineFrame b) {
    PixelTransform fromNetworkA = a.originalFromFine().inverse().times(raw.originalFromNetworkA());
    PixelTransform fromNetworkB = b.originalFromFine().inverse().times(raw.originalFromNetworkB());
    double windowArea =
        Math.min(networkArea(a.layout(), fromNetworkA), networkArea(b.layout(), fromNetworkB));
    int step = (int) Math.sqrt(windowArea / SEEDS_A_WINDOW);
    MatchOptions coarse =
        new MatchOptions(
            Math.max(1, Math.min(options.subsample(), step)),
            Integer.MAX_VALUE,
            options.borderPx(),
            0);
    return matching
        .match(
            inFrame(masks.viewOfA(raw.maps().a(), raw.originalFromNetworkA()), fromNetworkA),
            inFrame(masks.viewOfB(raw.maps().b(), raw.originalFromNetworkB()), fromNetworkB),
            coarse)
        .correspondences();
  }

  /** The same view, its matches carried to a frame. */
  private static NetworkView inFrame(NetworkView view, PixelTransform fineFromNetwork) {
    return new NetworkView(view.maps(), fineFromNetwork, view.mask());
  }

  private static double networkArea(WindowLayout layout, PixelTransform fineFromNetwork) {
    return layout.windowWidth()
        / fineFromNetwork.scaleX()
        * layout.windowHeight()
        / fineFromNetwork.scaleY();
  }

  /** A window of one of the two photos. */
  private record Cut(FineFrame frame, Window window) {}

  private MatchedPair matchWindows(
      PredictedPair pair, FineFrame a, FineFrame b, List<WindowPair> windows) {
    MatchOptions all =
        new MatchOptions(
            options.subsample(), Integer.MAX_VALUE, options.borderPx(), options.minConfidence());
    CellMerge merge = new CellMerge(cellSide(pair.a().pixels(), a));
    double encode = 0;
    double decode = 0;
    double match = 0;
    double sinceNotice = 0;
    Stopwatch watch = new Stopwatch();
    try (ImageCache<Cut, EncodedImage> encoded =
        new ImageCache<>(
            ENCODED_WINDOWS_BYTES,
            cuts -> predictor.encode(cuts.stream().map(cut -> cut.frame.crop(cut.window)).toList()),
            EncodedImage::byteCount,
            EncodedImage::close)) {
      for (int i = 0; i < windows.size(); i++) {
        Window windowA = windows.get(i).a();
        Window windowB = windows.get(i).b();
        List<EncodedImage> both = encoded.get(List.of(new Cut(a, windowA), new Cut(b, windowB)));
        EncodedImage encodedA = both.get(0);
        EncodedImage encodedB = both.get(1);
        double encodeSeconds = watch.lap();
        NetworkFrame frameA = a.frame(windowA);
        NetworkFrame frameB = b.frame(windowB);
        double decodeSeconds;
        if (inEngine.isPresent()) {
          ScoredMatches found =
              predictor.match(encodedA, encodedB, inEngine.get().request(frameA, frameB));
          decodeSeconds = watch.lap();
          merge.add(
              matching.select(found, frameA, frameB, Optional.empty(), Optional.empty(), all));
        } else {
          PairMaps maps = predictor.describe(encodedA, encodedB);
          decodeSeconds = watch.lap();
          merge.add(
              matching.match(
                  masks.viewOfA(maps.a(), frameA.originalFromNetwork()),
                  masks.viewOfB(maps.b(), frameB.originalFromNetwork()),
                  all));
        }
        encoded.trim();
        double matchSeconds = watch.lap();
        encode += encodeSeconds;
        decode += decodeSeconds;
        match += matchSeconds;
        sinceNotice += encodeSeconds + decodeSeconds + matchSeconds;
        if (sinceNotice >= SECONDS_BETWEEN_NOTICES) {
          notice.accept("matched " + (i + 1) + " of " + windows.size() + " window pairs");
          sinceNotice = 0;
        }
      }
    }
    MatchSet matches = select(pair, merge.correspondences());
    return new MatchedPair(
        pair.a(),
        pair.b(),
        matches,
        Optional.of(pair.maps()),
        pair.seconds().plus(encode, decode, match + watch.lap()));
  }

  /** One step of the seed grid; more where that would keep far more than can be asked for. */
  private double cellSide(RgbImage photo, FineFrame frame) {
    double step = options.subsample() * frame.originalFromFine().scaleX();
    double cells = (double) CANDIDATES_A_MATCH * options.maxMatches();
    return Math.max(step, Math.sqrt(pixelCount(photo) / cells));
  }

  private MatchSet select(PredictedPair pair, List<Correspondence> matches) {
    RgbImage a = pair.a().pixels();
    RgbImage b = pair.b().pixels();
    SpatialSelection selection =
        new SpatialSelection(a.width(), a.height(), b.width(), b.height(), options.maxMatches());
    return new MatchSet(selection.select(matches));
  }
}
