package dev.mast3r.match;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.Pointmap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.ModelException;
import dev.mast3r.geometry.PixelTransform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From the dense maps of an image pair to correspondences in original pixels: reciprocal matching
 * of descriptors, or of points if the maps have no descriptors; border and confidence filters;
 * spatial selection (arXiv 2406.09756, section 3.3).
 */
public final class DenseMatching {

  private final ReciprocalMatcher descriptorMatcher;
  private final ReciprocalPointMatcher pointMatcher;
  private final Optional<SimilarityPeak> peak;

  /**
   * @param pointMatcher for maps without descriptors
   */
  public DenseMatching(ReciprocalMatcher descriptorMatcher, ReciprocalPointMatcher pointMatcher) {
    this(descriptorMatcher, pointMatcher, Optional.empty());
  }

  private DenseMatching(
      ReciprocalMatcher descriptorMatcher,
      ReciprocalPointMatcher pointMatcher,
      Optional<SimilarityPeak> peak) {
    this.descriptorMatcher = descriptorMatcher;
    this.pointMatcher = pointMatcher;
    this.peak = peak;
  }

  /** Returns this matching with its matches moved between the pixels; it needs descriptors. */
  public DenseMatching betweenPixels() {
    return new DenseMatching(descriptorMatcher, pointMatcher, Optional.of(new SimilarityPeak()));
  }

  /** Returns the exact matchers for so many threads. */
  public static DenseMatching withThreads(int threads) {
    return new DenseMatching(
        new FastReciprocalMatcher(threads), new ReciprocalPointMatcher(threads, SeedImages.A));
  }

  /**
   * Returns the correspondences of a pair; the set is empty if no match passes the filters.
   *
   * @param originalFromNetworkA carries the pixels of {@code a} to the original image A
   * @param originalFromNetworkB likewise for B
   * @throws ModelException if a view has neither descriptors nor points, or no confidence of them
   * @throws dev.mast3r.error.InputException if a descriptor is not finite
   */
  public MatchSet match(
      ViewMaps a,
      ViewMaps b,
      PixelTransform originalFromNetworkA,
      PixelTransform originalFromNetworkB,
      MatchOptions options) {
    boolean byDescriptors = a.descriptors().isPresent();
    if (!byDescriptors && peak.isPresent()) {
      throw new ModelException("the model gives no descriptors, which '--fine=local' needs");
    }
    ConfidenceMap confidenceA =
        required(byDescriptors ? a.descriptorConfidence() : a.pointConfidence());
    ConfidenceMap confidenceB =
        required(byDescriptors ? b.descriptorConfidence() : b.pointConfidence());
    PixelMatches matches =
        byDescriptors
            ? descriptorMatcher.match(
                required(a.descriptors()), required(b.descriptors()), options.subsample())
            : pointMatcher.match(
                required(a.points()),
                required(b.points()),
                options.subsample(),
                mask(required(a.points()), confidenceA, options.minConfidence()),
                mask(required(b.points()), confidenceB, options.minConfidence()));
    int widthA = confidenceA.width();
    int widthB = confidenceB.width();
    int border = options.borderPx();
    List<Correspondence> inNetworkPixels = new ArrayList<>();
    for (int i = 0; i < matches.size(); i++) {
      int indexA = matches.indexA(i);
      int indexB = matches.indexB(i);
      int xA = indexA % widthA;
      int yA = indexA / widthA;
      int xB = indexB % widthB;
      int yB = indexB / widthB;
      float confidence = Math.min(confidenceA.get(indexA), confidenceB.get(indexB));
      if (confidence >= options.minConfidence()
          && isInside(xA, yA, widthA, confidenceA.height(), border)
          && isInside(xB, yB, widthB, confidenceB.height(), border)) {
        inNetworkPixels.add(
            peak.isPresent()
                ? peak.get()
                    .place(
                        a.descriptors().orElseThrow(),
                        indexA,
                        b.descriptors().orElseThrow(),
                        indexB,
                        confidence)
                : new Correspondence(xA, yA, xB, yB, confidence));
      }
    }
    SpatialSelection selection =
        new SpatialSelection(
            widthA, confidenceA.height(), widthB, confidenceB.height(), options.maxMatches());
    return new MatchSet(
        selection.select(inNetworkPixels).stream()
            .map(match -> toOriginal(match, originalFromNetworkA, originalFromNetworkB))
            .toList());
  }

  /** What is not sure enough must not answer either: it would keep others from a match. */
  private static PixelMask mask(Pointmap points, ConfidenceMap confidence, double minConfidence) {
    return PixelMask.of(
        points.width(),
        points.height(),
        index -> confidence.get(index) >= minConfidence && points.get(index).isFinite());
  }

  private static <T> T required(Optional<T> map) {
    return map.orElseThrow(
        () ->
            new ModelException(
                "the model gives neither descriptors nor points, which matching needs"));
  }

  private static boolean isInside(int x, int y, int width, int height, int border) {
    return x >= border && x < width - border && y >= border && y < height - border;
  }

  private static Correspondence toOriginal(
      Correspondence match, PixelTransform fromA, PixelTransform fromB) {
    return new Correspondence(
        fromA.applyX(match.xA()),
        fromA.applyY(match.yA()),
        fromB.applyX(match.xB()),
        fromB.applyY(match.yB()),
        match.confidence());
  }
}
