package dev.mast3r.image;

/**
 * How images are brought to the size that a network takes.
 *
 * <p>The long side becomes {@code size} pixels (Lanczos when that is smaller, bicubic otherwise),
 * and the middle is cropped so that both sides are multiples of {@code patchSize}. A size of 224 is
 * the published exception: the short side becomes 224 and the middle square is cropped.
 *
 * @param size long side of the network's image in pixels, 512 for the published models; at least
 *     one patch
 * @param patchSize side of a patch in pixels, even, 16 for the published models
 * @param squareRule what becomes of square images; without effect for size 224
 */
public record ResizeRule(int size, int patchSize, SquareRule squareRule) {

  /** The size at which the published loader crops a square of the short side. */
  static final int SQUARE_CROP_SIZE = 224;

  public ResizeRule {
    if (patchSize < 2 || patchSize % 2 != 0) {
      throw new IllegalArgumentException("patch size must be even, found " + patchSize);
    }
    if (size < patchSize) {
      throw new IllegalArgumentException(
          "size must be at least one patch of " + patchSize + " pixels, found " + size);
    }
    if (size == SQUARE_CROP_SIZE && SQUARE_CROP_SIZE % patchSize != 0) {
      throw new IllegalArgumentException(
          "size 224 needs a patch size that divides it, found " + patchSize);
    }
  }

  boolean cropsToSquare() {
    return size == SQUARE_CROP_SIZE;
  }
}
