package dev.mast3r.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** How far the samples of two images of one size are apart, in grey levels. */
record RgbDifference(int max, double mean, double shareEqual) {

  static RgbDifference between(RgbImage expected, RgbImage actual) {
    assertEquals(
        expected.width() + " x " + expected.height(), actual.width() + " x " + actual.height());
    int max = 0;
    long sum = 0;
    long equal = 0;
    byte[] first = expected.bytes();
    byte[] second = actual.bytes();
    for (int i = 0; i < first.length; i++) {
      int difference = Math.abs((first[i] & 0xff) - (second[i] & 0xff));
      max = Math.max(max, difference);
      sum += difference;
      equal += difference == 0 ? 1 : 0;
    }
    return new RgbDifference(max, (double) sum / first.length, (double) equal / first.length);
  }

  static void assertIdentical(RgbImage expected, RgbImage actual) {
    assertEquals(new RgbDifference(0, 0, 1), between(expected, actual));
  }
}
