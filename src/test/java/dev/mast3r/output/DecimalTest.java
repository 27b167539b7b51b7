package dev.mast3r.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "-0.00004, 0",
    "-0.5, -0.5",
    "7.00049, 7.0005",
    "-12.3, -12.3",
    "99.99996, 100",
    "0.0001, 0.0001",
    "123456.7891, 123456.7891",
    "12345678901.25, 12345678901.25",
  })
  void pixelsAreRoundedToFourDecimals(double value, String text) {
    assertEquals(text, Decimal.CSV.pixel(value));
  }

  @ParameterizedTest
  @CsvSource({
    "1.2345678, 1.23457",
    "100, 100",
    "1234567, 1234570",
    "0.000012345678, 0.0000123457",
    "1e-12, 1E-12",
    "-2.5e+30, -2.5E+30",
  })
  void confidencesAreRoundedToSixDigits(double value, String text) {
    assertEquals(text, Decimal.CSV.confidence(value));
  }

  @Test
  void posesReadBackToTwelveDigits() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      double value = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
      double read = Double.parseDouble(Decimal.JSON.pose(value));
      assertEquals(value, read, Math.abs(value) * 5e-12);
    }
  }

  @Test
  void whatIsNotFiniteIsNullInJsonAndEmptyInCsv() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1 / 0.0}) {
      assertEquals("null", Decimal.JSON.pixel(value));
      assertEquals("null", Decimal.JSON.pose(value));
      assertEquals("", Decimal.CSV.confidence(value));
    }
  }
}
