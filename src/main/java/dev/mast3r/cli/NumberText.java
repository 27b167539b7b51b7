package dev.mast3r.cli;

import picocli.CommandLine.TypeConversionException;

/** Numbers as options take them. */
final class NumberText {

  private NumberText() {}

  static int whole(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw expected("a whole number", text);
    }
  }

  static long wide(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw expected("a whole number", text);
    }
  }

  static double real(String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw expected("a number", text);
    }
    throw expected("a finite number", text);
  }

  private static TypeConversionException expected(String what, String found) {
    return new TypeConversionException("expected " + what + ", found '" + found + "'");
  }
}
