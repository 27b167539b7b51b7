package dev.mast3r.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AucCurveTest {

  private static final double FAILED = Double.POSITIVE_INFINITY;

  @Test
  void isTheAreaOfTriangleAndRectangleForOneError() {
    // recall climbs to 1 at 4, then stays: 4 / 2 + (10 - 4) = 8 of 10
    assertEquals(0.8, AucCurve.of(List.of(4.0)).areaUpTo(10), 1e-12);
  }

  @Test
  void countsAFailedPairInTheDenominator() {
    assertEquals(0.4, AucCurve.of(List.of(4.0, FAILED)).areaUpTo(10), 1e-12);
  }

  @Test
  void joinsErrorsByStraightLines() {
    // (0, 0) (2, 1/2) (6, 1) (10, 1): 0.5 + 3 + 4 = 7.5
    assertEquals(0.75, AucCurve.of(List.of(6.0, 2.0)).areaUpTo(10), 1e-12);
  }

  @Test
  void leavesOutAnErrorAtTheThreshold() {
    assertEquals(0, AucCurve.of(List.of(5.0)).areaUpTo(5));
  }

  @Test
  void isZeroIfEveryPairFailed() {
    assertEquals(0, AucCurve.of(List.of(FAILED, FAILED)).areaUpTo(20));
  }

  @Test
  void isOneWithoutErrors() {
    assertEquals(1, AucCurve.of(List.of(0.0, 0.0, 0.0)).areaUpTo(5), 1e-12);
  }

  @Test
  void refusesWhatIsNoError() {
    assertThrows(IllegalArgumentException.class, () -> AucCurve.of(List.of()));
    assertThrows(IllegalArgumentException.class, () -> AucCurve.of(List.of(-1.0)));
    assertThrows(IllegalArgumentException.class, () -> AucCurve.of(List.of(Double.NaN)));
    assertThrows(IllegalArgumentException.class, () -> AucCurve.of(List.of(1.0)).areaUpTo(0));
  }

  @Property
  void liesBetweenZeroAndOneAndFallsWithAFailure(
      @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0, max = 60) Double> errors) {
    double area = AucCurve.of(errors).areaUpTo(20);
    List<Double> oneMore = new ArrayList<>(errors);
    oneMore.add(FAILED);

    assertTrue(area >= 0 && area <= 1);
    assertTrue(AucCurve.of(oneMore).areaUpTo(20) <= area);
  }

  @Property
  void scalesWithTheUnitOfErrorAndThreshold(
      @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0, max = 60) Double> errors) {
    List<Double> eightfold = errors.stream().map(error -> 8 * error).toList();

    assertEquals(AucCurve.of(errors).areaUpTo(10), AucCurve.of(eightfold).areaUpTo(80), 1e-12);
  }
}
