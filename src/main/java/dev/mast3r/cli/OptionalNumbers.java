package dev.mast3r.cli;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options that have a number or none. */
final class OptionalNumbers {

  private OptionalNumbers() {}

  static OptionalInt wholeNumber(String text) {
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not a whole number");
    }
  }

  static OptionalDouble number(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not a number");
    }
  }
}
