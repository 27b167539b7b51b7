package dev.mast3r.sift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SiftOptionsTest {

  @Test
  void hasTheDocumentedDefaults() {
    assertEquals(new SiftOptions(4096, 1600, 0.8), SiftOptions.defaults());
  }

  @Test
  void refusesValuesOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> new SiftOptions(0, 1600, 0.8));
    assertThrows(IllegalArgumentException.class, () -> new SiftOptions(4096, 15, 0.8));
    assertThrows(IllegalArgumentException.class, () -> new SiftOptions(4096, 1600, 0));
    assertThrows(IllegalArgumentException.class, () -> new SiftOptions(4096, 1600, 1.1));
  }
}
