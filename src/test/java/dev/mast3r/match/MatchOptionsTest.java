package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.error.UsageException;
import org.junit.jupiter.api.Test;

class MatchOptionsTest {

  @Test
  void defaultsAreThePapers() {
    assertEquals(new MatchOptions(8, 3000, 3, 0), MatchOptions.defaults());
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThrows(UsageException.class, () -> new MatchOptions(0, 3000, 3, 0));
    assertThrows(UsageException.class, () -> new MatchOptions(8, 0, 3, 0));
    assertThrows(UsageException.class, () -> new MatchOptions(8, 3000, -1, 0));
    assertThrows(UsageException.class, () -> new MatchOptions(8, 3000, 3, -0.1));
    assertThrows(UsageException.class, () -> new MatchOptions(8, 3000, 3, Double.NaN));
  }
}
