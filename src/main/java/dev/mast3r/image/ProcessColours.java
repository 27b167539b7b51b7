package dev.mast3r.image;

/** Ink amounts to RGB without a profile, as Pillow does it. */
final class ProcessColours {

  private ProcessColours() {}

  /**
   * Returns red, green or blue: what is left of {@code light} (255 less black) under an amount of
   * cyan, magenta or yellow ink, both 0 to 255.
   */
  static byte rgb(int ink, int light) {
    return (byte) Math.max(0, light - divideBy255(ink * light));
  }

  /** Rounds to the nearest for products of two 8-bit numbers. */
  private static int divideBy255(int product) {
    int biased = product + 128;
    return ((biased >> 8) + biased) >> 8;
  }
}
