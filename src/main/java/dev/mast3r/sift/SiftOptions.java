package dev.mast3r.sift;

/**
 * How SIFT matches are made.
 *
 * @param maxFeatures strongest features kept of each image; default 4096
 * @param maxSide longer side, in pixels, that larger images are reduced to before features are
 *     sought; default 1600
 * @param maxRatio a match is kept if its descriptor distance is below this share of the second
 *     nearest one's, in (0, 1]; default 0.8
 */
public record SiftOptions(int maxFeatures, int maxSide, double maxRatio) {

  public SiftOptions {
    if (maxFeatures < 1) {
      throw new IllegalArgumentException("maxFeatures must be positive, found " + maxFeatures);
    }
    if (maxSide < 16) {
      throw new IllegalArgumentException("maxSide must be at least 16, found " + maxSide);
    }
    if (!(maxRatio > 0 && maxRatio <= 1)) {
      throw new IllegalArgumentException("maxRatio must be in (0, 1], found " + maxRatio);
    }
  }

  public static SiftOptions defaults() {
    return new SiftOptions(4096, 1600, 0.8);
  }
}
