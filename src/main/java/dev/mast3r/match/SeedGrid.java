package dev.mast3r.match;

import java.util.stream.IntStream;

/**
 * The pixels from which fast reciprocal matching starts: the allowed ones of the grid {@code x, y =
 * S/2, S/2 + S, ...}. There are none if one of the masks allows nothing.
 */
final class SeedGrid {

  private final int[] inA;
  private final int[] inB;

  SeedGrid(PixelMask maskA, PixelMask maskB, int subsample, SeedImages images) {
    if (subsample < 1) {
      throw new IllegalArgumentException("the seed step must be at least 1, found " + subsample);
    }
    boolean possible = maskA.count() > 0 && maskB.count() > 0;
    this.inA = possible ? grid(maskA, subsample) : new int[0];
    this.inB = possible && images == SeedImages.BOTH ? grid(maskB, subsample) : new int[0];
  }

  /** Returns the seeds in A as ascending pixel indices. */
  int[] inA() {
    return inA;
  }

  /** Returns the seeds in B as ascending pixel indices. */
  int[] inB() {
    return inB;
  }

  private static int[] grid(PixelMask mask, int subsample) {
    int first = subsample / 2;
    int width = mask.width();
    int columns = steps(width, first, subsample);
    int rows = steps(mask.height(), first, subsample);
    return IntStream.range(0, rows * columns)
        .map(i -> (first + i / columns * subsample) * width + first + i % columns * subsample)
        .filter(mask::allows)
        .toArray();
  }

  private static int steps(int size, int first, int step) {
    return size <= first ? 0 : (size - first - 1) / step + 1;
  }
}
