package dev.mast3r.match;

/**
 * Where the pixels of image A are drawn to by fast reciprocal matching: pixels that end at one
 * match form its basin (arXiv 2406.09756, appendix B.2).
 */
public final class ConvergenceBasins {

  private final int[] next;

  /** Takes ownership: for each pixel of A where a round trip leads, or -1. */
  ConvergenceBasins(int[] next) {
    this.next = next;
  }

  /**
   * Returns the pixel of A that one round trip from {@code index} leads to: itself if it is
   * matched, -1 if no path came by.
   */
  public int next(int index) {
    return next[index];
  }

  /**
   * Returns the pixel of A at which the path from {@code index} comes to rest, the matched one of
   * its basin; -1 if no path came by, or none of those that did came to rest in time.
   */
  public int root(int index) {
    int pixel = index;
    // a path without end would be a cycle of exact ties, no longer than the number of pixels
    for (int hop = 0; hop < next.length && pixel >= 0; hop++) {
      if (next[pixel] == pixel) {
        return pixel;
      }
      pixel = next[pixel];
    }
    return -1;
  }
}
