package dev.mast3r.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RansacStoppingTest {

  /** The table of Hartley and Zisserman, section 4.7.1, for 99 % and other shares. */
  @ParameterizedTest
  @CsvSource({
    "0.95, 3, 0.99, 3",
    "0.8, 3, 0.99, 7",
    "0.5, 3, 0.99, 35",
    "0.95, 5, 0.99, 4",
    "0.7, 5, 0.99, 26",
    "0.5, 5, 0.99, 146",
    "0.5, 8, 0.99, 1177",
    "1, 3, 0.99, 1",
    "0, 3, 0.99, 10000",
    "1e-9, 8, 0.99, 10000",
    "0.2, 5, 0.9999, 10000"
  })
  void countsTheSamplesThatAreNeeded(
      double inlierRatio, int sampleSize, double confidence, int expected) {
    assertEquals(expected, RansacStopping.iterations(inlierRatio, sampleSize, confidence, 10000));
  }
}
