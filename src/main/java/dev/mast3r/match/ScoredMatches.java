package dev.mast3r.match;

/** Reciprocal matches of a pair's pixels and how sure each one is. */
public final class ScoredMatches {

  private final PixelMatches pixels;
  private final float[] confidences;

  /** Takes ownership of one confidence a match: that of the less sure of its two pixels. */
  public ScoredMatches(PixelMatches pixels, float[] confidences) {
    if (pixels.size() != confidences.length) {
      throw new IllegalArgumentException(
          "as many confidences as matches are needed, found "
              + confidences.length
              + " and "
              + pixels.size());
    }
    this.pixels = pixels;
    this.confidences = confidences;
  }

  public PixelMatches pixels() {
    return pixels;
  }

  public float confidence(int match) {
    return confidences[match];
  }
}
