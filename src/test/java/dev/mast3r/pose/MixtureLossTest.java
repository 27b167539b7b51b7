package dev.mast3r.pose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MixtureLossTest {

  private final MixtureLoss loss = new MixtureLoss(2);

  @Test
  void isFreeWithoutAnError() {
    assertEquals(0, loss.of(0), 1e-15);
  }

  @Test
  void growsFromHalfTheSquareToALimit() {
    // e^2 / (2 sigma^2) over 1 + 0.02 for small errors
    assertEquals(0.1 * 0.1 / 8 / 1.02, loss.of(0.1), 1e-6);
    assertTrue(loss.of(3) < loss.of(4));
    assertEquals(loss.limit(), loss.of(100), 1e-12);
    assertEquals(Math.log(51), loss.limit(), 1e-12);
  }

  @Test
  void weighsARightMatchFullyAndAWrongOneNotAtAll() {
    assertEquals(1 / 1.02, loss.weight(0), 1e-12);
    assertEquals(0, loss.weight(100), 1e-12);
  }

  @Test
  void isHalfSureWhereBothAreAsLikely() {
    // exp(-e^2 / 8) = 0.02
    assertEquals(0.5, loss.weight(Math.sqrt(8 * Math.log(50))), 1e-12);
  }

  @Test
  void hasTheSlopeThatItsWeightSays() {
    double error = 3;
    double step = 1e-6;
    double slope = (loss.of(error + step) - loss.of(error - step)) / (2 * step);

    assertEquals(loss.weight(error) * error / 4, slope, 1e-8);
  }
}
