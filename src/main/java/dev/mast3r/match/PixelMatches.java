package dev.mast3r.match;

import java.util.Arrays;

/**
 * Reciprocal matches as linear pixel indices {@code y width + x} into two dense maps, unique,
 * ordered by index in A, then in B.
 */
public final class PixelMatches {

  private final int[] indexA;
  private final int[] indexB;

  /** Takes ownership of two arrays of the same length. */
  public PixelMatches(int[] indexA, int[] indexB) {
    if (indexA.length != indexB.length) {
      throw new IllegalArgumentException(
          "as many pixels in A as in B are needed, found "
              + indexA.length
              + " and "
              + indexB.length);
    }
    this.indexA = indexA;
    this.indexB = indexB;
  }

  public int size() {
    return indexA.length;
  }

  public int indexA(int match) {
    return indexA[match];
  }

  public int indexB(int match) {
    return indexB[match];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PixelMatches that
        && Arrays.equals(indexA, that.indexA)
        && Arrays.equals(indexB, that.indexB);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(indexA) + Arrays.hashCode(indexB);
  }

  @Override
  public String toString() {
    return "PixelMatches(" + indexA.length + ")";
  }
}
