package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;

/** Says where the two ends of a match of pixels lie exactly. */
@FunctionalInterface
public interface MatchPlacement {

  /**
   * Returns the match in pixels of the two maps, (0,0) being the centre of the first one.
   *
   * @param indexA a pixel of {@code a}
   * @param indexB its match in {@code b}
   */
  Correspondence place(DescriptorMap a, int indexA, DescriptorMap b, int indexB, double confidence);

  /** Returns the placement at the centres of the pixels themselves. */
  static MatchPlacement atPixels() {
    return (a, indexA, b, indexB, confidence) -> {
      int rowA = indexA / a.width();
      int rowB = indexB / b.width();
      return new Correspondence(indexA % a.width(), rowA, indexB % b.width(), rowB, confidence);
    };
  }
}
