package dev.mast3r.match;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.ModelException;
import dev.mast3r.geometry.PixelTransform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From the dense maps of an image pair to correspondences in original pixels: reciprocal matching,
 * border and confidence filters, placement, spatial selection (arXiv 2406.09756, section 3.3).
 */
public final class DenseMatching {

  private final ReciprocalMatcher matcher;
  private final MatchPlacement placement;

  public DenseMatching(ReciprocalMatcher matcher, MatchPlacement placement) {
    this.matcher = matcher;
    this.placement = placement;
  }

  /**
   * Returns the correspondences of a pair; the set is empty if no match passes the filters.
   *
   * @param originalFromNetworkA carries the pixels of {@code a} to the original image A
   * @param originalFromNetworkB likewise for B
   * @throws ModelException if a view has no descriptors or no confidence of them
   * @throws dev.mast3r.error.InputException if a descriptor is not finite
   */
  public MatchSet match(
      ViewMaps a,
      ViewMaps b,
      PixelTransform originalFromNetworkA,
      PixelTransform originalFromNetworkB,
      MatchOptions options) {
    DescriptorMap descriptorsA = required(a.descriptors());
    DescriptorMap descriptorsB = required(b.descriptors());
    ConfidenceMap confidenceA = required(a.descriptorConfidence());
    ConfidenceMap confidenceB = required(b.descriptorConfidence());
    PixelMatches matches = matcher.match(descriptorsA, descriptorsB, options.subsample());
    int widthA = descriptorsA.width();
    int widthB = descriptorsB.width();
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
          && isInside(xA, yA, widthA, descriptorsA.height(), border)
          && isInside(xB, yB, widthB, descriptorsB.height(), border)) {
        inNetworkPixels.add(
            placement.place(descriptorsA, indexA, descriptorsB, indexB, confidence));
      }
    }
    SpatialSelection selection =
        new SpatialSelection(
            widthA, descriptorsA.height(), widthB, descriptorsB.height(), options.maxMatches());
    return new MatchSet(
        selection.select(inNetworkPixels).stream()
            .map(match -> toOriginal(match, originalFromNetworkA, originalFromNetworkB))
            .toList());
  }

  private static <T> T required(Optional<T> map) {
    return map.orElseThrow(
        () -> new ModelException("the model gives no descriptors, which matching needs"));
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
