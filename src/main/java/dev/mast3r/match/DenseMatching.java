package dev.mast3r.match;

import static dev.mast3r.match.NetworkView.required;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.DescriptorMap;
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

  /** Returns the exact matchers for so many threads, starting in A, with the fastest kernel. */
  public static DenseMatching withThreads(int threads) {
    return of(threads, KernelChoice.AUTO, SeedImages.A);
  }

  /**
   * Returns the exact matchers.
   *
   * @param threads at least 1
   * @param kernels the inner loops of comparing descriptors; the result is the same
   * @param seedImages where matching starts
   * @throws dev.mast3r.error.UsageException if the kernel is not available
   */
  public static DenseMatching of(int threads, KernelChoice kernels, SeedImages seedImages) {
    return new DenseMatching(
        new FastReciprocalMatcher(threads, kernels, seedImages),
        new ReciprocalPointMatcher(threads, seedImages));
  }

  /**
   * As {@link #of}, for one pair in a Java that has just started; the result is the same.
   *
   * @throws dev.mast3r.error.UsageException if the kernel is not available
   */
  public static DenseMatching forOnePair(int threads, KernelChoice kernels, SeedImages seedImages) {
    return new DenseMatching(
        new ColdReciprocalMatcher(threads, kernels, seedImages),
        new ReciprocalPointMatcher(threads, seedImages));
  }

  /** As {@link #match(NetworkView, NetworkView, MatchOptions)} for all pixels. */
  public MatchSet match(
      ViewMaps a,
      ViewMaps b,
      PixelTransform originalFromNetworkA,
      PixelTransform originalFromNetworkB,
      MatchOptions options) {
    return match(
        NetworkView.whole(a, originalFromNetworkA),
        NetworkView.whole(b, originalFromNetworkB),
        options);
  }

  /**
   * Returns the correspondences of a pair; the set is empty if no match passes the filters.
   *
   * @throws ModelException if a view has neither descriptors nor points, or no confidence of them
   * @throws dev.mast3r.error.InputException if a descriptor is not finite
   */
  public MatchSet match(NetworkView viewA, NetworkView viewB, MatchOptions options) {
    ViewMaps a = viewA.maps();
    ViewMaps b = viewB.maps();
    if (!viewA.hasDescriptors() && peak.isPresent()) {
      throw new ModelException("the model gives no descriptors, which '--fine=local' needs");
    }
    ConfidenceMap confidenceA = viewA.confidence();
    ConfidenceMap confidenceB = viewB.confidence();
    PixelMatches matches =
        viewA.hasDescriptors()
            ? descriptorMatcher.match(
                required(a.descriptors()),
                required(b.descriptors()),
                options.subsample(),
                viewA.mask(),
                viewB.mask())
            : pointMatcher.match(
                required(a.points()),
                required(b.points()),
                options.subsample(),
                sureOf(viewA, options.minConfidence()),
                sureOf(viewB, options.minConfidence()));
    float[] confidences = new float[matches.size()];
    for (int i = 0; i < confidences.length; i++) {
      confidences[i] =
          Math.min(confidenceA.get(matches.indexA(i)), confidenceB.get(matches.indexB(i)));
    }
    return select(
        new ScoredMatches(matches, confidences),
        viewA.frame(),
        viewB.frame(),
        a.descriptors(),
        b.descriptors(),
        options);
  }

  /**
   * Returns the correspondences among matches that were found elsewhere: what is left of them
   * behind the filters, in original pixels.
   *
   * @param descriptorsA are looked at to place matches between the pixels, and not else
   * @param descriptorsB likewise
   * @throws ModelException if they are needed and absent
   */
  public MatchSet select(
      ScoredMatches matches,
      NetworkFrame a,
      NetworkFrame b,
      Optional<DescriptorMap> descriptorsA,
      Optional<DescriptorMap> descriptorsB,
      MatchOptions options) {
    PixelMatches pixels = matches.pixels();
    int border = options.borderPx();
    List<Correspondence> inNetworkPixels = new ArrayList<>();
    for (int i = 0; i < pixels.size(); i++) {
      int indexA = pixels.indexA(i);
      int indexB = pixels.indexB(i);
      int xA = indexA % a.width();
      int yA = indexA / a.width();
      int xB = indexB % b.width();
      int yB = indexB / b.width();
      float confidence = matches.confidence(i);
      if (confidence >= options.minConfidence()
          && a.isInside(xA, yA, border)
          && b.isInside(xB, yB, border)) {
        inNetworkPixels.add(
            peak.isPresent()
                ? peak.get()
                    .place(
                        required(descriptorsA), indexA, required(descriptorsB), indexB, confidence)
                : new Correspondence(xA, yA, xB, yB, confidence));
      }
    }
    SpatialSelection selection =
        new SpatialSelection(a.width(), a.height(), b.width(), b.height(), options.maxMatches());
    return new MatchSet(
        selection.select(inNetworkPixels).stream()
            .map(match -> toOriginal(match, a.originalFromNetwork(), b.originalFromNetwork()))
            .toList());
  }

  /** What is not sure enough must not answer either: it would keep others from a match. */
  private static PixelMask sureOf(NetworkView view, double minConfidence) {
    Pointmap points = required(view.maps().points());
    ConfidenceMap confidence = view.confidence();
    return PixelMask.of(
        points.width(),
        points.height(),
        index ->
            view.mask().allows(index)
                && confidence.get(index) >= minConfidence
                && points.get(index).isFinite());
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
