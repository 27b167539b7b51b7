package dev.mast3r.match;

import dev.mast3r.error.UsageException;

/**
 * Which correspondences are wanted of an image pair.
 *
 * @param subsample step of the seed grid in network pixels, at least 1; 1 is dense; default 8
 * @param maxMatches keep at most so many, spread evenly over both images; at least 1; default 3000
 * @param borderPx drop matches nearer than this to the border of either network image; at least 0;
 *     0 keeps all; default 3
 * @param minConfidence drop matches of lower confidence; at least 0; 0 keeps all; default 0
 */
public record MatchOptions(int subsample, int maxMatches, int borderPx, double minConfidence) {

  public MatchOptions {
    if (subsample < 1) {
      throw new UsageException("subsample must be at least 1, found " + subsample);
    }
    if (maxMatches < 1) {
      throw new UsageException("max-matches must be at least 1, found " + maxMatches);
    }
    if (borderPx < 0) {
      throw new UsageException("the border must be at least 0 pixels, found " + borderPx);
    }
    if (!(minConfidence >= 0) || Double.isInfinite(minConfidence)) {
      throw new UsageException("min-conf must be a number of at least 0, found " + minConfidence);
    }
  }

  public static MatchOptions defaults() {
    return new MatchOptions(8, 3000, 3, 0);
  }
}
