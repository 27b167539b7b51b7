package dev.mast3r.pose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PoseOptionsTest {

  @Test
  void hasTheDocumentedDefaults() {
    assertEquals(
        PoseOptions.of(Optional.empty(), OptionalDouble.empty(), 10000, 0.9999, 0),
        PoseOptions.defaults());
    assertEquals(0.5, PoseOptions.defaults().noise());
    assertEquals(1, PoseOptions.defaults().thresholdFor(PoseMethod.ESSENTIAL));
    assertEquals(5, PoseOptions.defaults().thresholdFor(PoseMethod.PNP));
    assertEquals(0.05, PoseOptions.defaults().thresholdFor(PoseMethod.PROCRUSTES));
  }

  @Test
  void usesAGivenThresholdForEveryMethod() {
    PoseOptions options = options(OptionalDouble.of(2.5), 10, 0.9);

    assertEquals(2.5, options.thresholdFor(PoseMethod.ESSENTIAL));
    assertEquals(2.5, options.thresholdFor(PoseMethod.PNP));
  }

  @Test
  void refusesValuesOutOfRange() {
    assertRefused(OptionalDouble.of(0), 10, 0.9);
    assertRefused(OptionalDouble.of(Double.NaN), 10, 0.9);
    assertRefused(OptionalDouble.empty(), 0, 0.9);
    assertRefused(OptionalDouble.empty(), 10, 0);
    assertRefused(OptionalDouble.empty(), 10, 1);
  }

  @Test
  void refusesANoiseThatIsNotPositive() {
    PoseOptions usual = PoseOptions.defaults();
    for (double noise : new double[] {0, -1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new PoseOptions(
                  usual.method(),
                  usual.threshold(),
                  usual.maxIterations(),
                  usual.confidence(),
                  usual.seed(),
                  noise));
    }
  }

  @Test
  void expectsLessNoiseOfRefinedMatchesAndKeepsTheRest() {
    PoseOptions usual = PoseOptions.defaults();

    PoseOptions refined = usual.forRefinedMatches();

    assertTrue(refined.noise() < usual.noise());
    assertEquals(usual.threshold(), refined.threshold());
    assertEquals(usual.seed(), refined.seed());
  }

  private static void assertRefused(OptionalDouble threshold, int iterations, double confidence) {
    assertThrows(IllegalArgumentException.class, () -> options(threshold, iterations, confidence));
  }

  private static PoseOptions options(OptionalDouble threshold, int iterations, double confidence) {
    return PoseOptions.of(Optional.empty(), threshold, iterations, confidence, 0);
  }
}
