package dev.mast3r.robust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SignificanceTest {

  private final Significance fivePoint = new Significance(5, 10);

  @Test
  void isTheFormulaOfThePaper() {
    // 10 (12 - 5) C(12, 8) C(8, 5) 0.01^3 = 10 * 7 * 495 * 56 * 1e-6
    assertEquals(Math.log10(1.9404), fivePoint.log10FalseAlarms(12, 8, 0.01), 1e-9);
  }

  @Test
  void neverTrustsAMinimalSample() {
    assertFalse(fivePoint.isMeaningful(5, 5, 1e-12));
    assertFalse(fivePoint.isMeaningful(1000, 5, 1e-12));
  }

  @Test
  void needsMoreInliersAmongMoreData() {
    assertTrue(fivePoint.isMeaningful(8, 8, 0.005));
    assertFalse(fivePoint.isMeaningful(100, 8, 0.005));
    assertTrue(fivePoint.isMeaningful(100, 30, 0.005));
  }

  @Test
  void trustsNothingIfEverythingAgrees() {
    assertFalse(fivePoint.isMeaningful(1000, 1000, 1));
    assertFalse(fivePoint.isMeaningful(1000, 1000, 7));
  }

  @Test
  void staysFiniteForManyData() {
    assertTrue(fivePoint.isMeaningful(100_000, 60_000, 0.005));
    assertFalse(fivePoint.isMeaningful(100_000, 500, 0.005));
  }
}
