package dev.mast3r.cli;

import dev.mast3r.app.ListOutcome;
import dev.mast3r.error.ErrorKind;

/** The exit codes that scripts rely on. */
final class ExitCodes {

  static final int DONE = 0;
  static final int DEFECT = 1;
  static final int USAGE = 2;
  static final int SOME_PAIRS_FAILED = 6;
  static final int REGRESSION = 7;

  private ExitCodes() {}

  static int of(ListOutcome outcome) {
    return outcome.failed() == 0 ? DONE : SOME_PAIRS_FAILED;
  }

  static int of(ErrorKind kind) {
    return switch (kind) {
      case USAGE -> USAGE;
      case INPUT -> 3;
      case MODEL -> 4;
      case NO_POSE -> 5;
      case DEVICE -> 8;
    };
  }
}
