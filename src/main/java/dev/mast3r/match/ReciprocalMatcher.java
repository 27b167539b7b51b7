package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;

/**
 * Finds reciprocal matches between two descriptor maps by fast reciprocal matching (arXiv
 * 2406.09756, section 3.3 and appendix B).
 *
 * <p>From each seed on a grid of A, {@code x, y = S/2, S/2 + S, ...}, the search hops to the
 * nearest neighbour in B, from there back to A, and so on, until a hop returns where the hop before
 * it came from; a seed that has not got there after 10 round trips is dropped. Nearest is the
 * largest dot product, {@code s = a_0 b_0 + a_1 b_1 + ...} summed in that order in single precision
 * without fused operations; of equal ones the lowest pixel index. All implementations return the
 * same pixels to the last index.
 */
public interface ReciprocalMatcher {

  /** Round trips after which a seed that still moves is dropped. */
  int MAX_ROUND_TRIPS = 10;

  /**
   * Returns at most one match a seed, each a pair of mutual nearest neighbours among the pixels
   * that the masks allow.
   *
   * @param a descriptors of image A, of any norm
   * @param b descriptors of image B, of the same dimension; the sizes may differ
   * @param subsample the step S of the seed grid in pixels, at least 1; 1 finds every mutual pair.
   *     No seed fits a map smaller than S/2, which gives no match
   * @param maskA of the size of {@code a}
   * @param maskB of the size of {@code b}
   * @throws dev.mast3r.error.InputException if an allowed pixel's descriptor is not finite
   */
  PixelMatches match(
      DescriptorMap a, DescriptorMap b, int subsample, PixelMask maskA, PixelMask maskB);

  /** Matches all pixels. */
  default PixelMatches match(DescriptorMap a, DescriptorMap b, int subsample) {
    return match(
        a,
        b,
        subsample,
        PixelMask.all(a.width(), a.height()),
        PixelMask.all(b.width(), b.height()));
  }
}
