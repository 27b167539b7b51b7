package dev.mast3r.match;

/** The pixels from which fast reciprocal matching starts. */
final class SeedGrid {

  private SeedGrid() {}

  /** Returns the grid {@code x, y = S/2, S/2 + S, ...} as ascending pixel indices. */
  static int[] of(int width, int height, int subsample) {
    if (subsample < 1) {
      throw new IllegalArgumentException("the seed step must be at least 1, found " + subsample);
    }
    int first = subsample / 2;
    int columns = steps(width, first, subsample);
    int rows = steps(height, first, subsample);
    int[] seeds = new int[columns * rows];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        seeds[row * columns + column] =
            (first + row * subsample) * width + first + column * subsample;
      }
    }
    return seeds;
  }

  private static int steps(int size, int first, int step) {
    return size <= first ? 0 : (size - first - 1) / step + 1;
  }
}
