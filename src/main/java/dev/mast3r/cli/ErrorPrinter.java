package dev.mast3r.cli;

import dev.mast3r.error.Mast3rException;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns failures into one line on the error stream and an exit code; the stack is printed with
 * {@code -v} only.
 */
final class ErrorPrinter implements IExecutionExceptionHandler, IParameterExceptionHandler {

  private static final String REPORT =
      "please report this defect with the command and the output of the same command with -v";

  private final Mast3rCommand top;

  ErrorPrinter(Mast3rCommand top) {
    this.top = top;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    int code;
    if (failure instanceof Mast3rException known) {
      print(err, known.getMessage());
      code = ExitCodes.of(known.kind());
    } else {
      print(err, "internal error: " + describe(failure) + "; " + REPORT);
      code = ExitCodes.DEFECT;
    }
    if (top.isVerbose()) {
      failure.printStackTrace(err);
    }
    err.flush();
    return code;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    StringBuilder line = new StringBuilder(what(failure));
    line.append(" (see '").append(command.getCommandSpec().qualifiedName()).append(" --help')");
    print(command.getErr(), line.toString());
    command.getErr().flush();
    return ExitCodes.USAGE;
  }

  private static String what(ParameterException failure) {
    if (!(failure instanceof UnmatchedArgumentException unmatched)) {
      return lowerFirst(firstLine(failure.getMessage()));
    }
    String given = unmatched.getUnmatched().get(0);
    CommandSpec spec = failure.getCommandLine().getCommandSpec();
    boolean option = given.startsWith("-");
    String kind = option ? "option" : spec.subcommands().isEmpty() ? "argument" : "command";
    Set<String> candidates = (option ? spec.optionsMap() : spec.subcommands()).keySet();
    return "unknown "
        + kind
        + " '"
        + given
        + "'"
        + Spelling.nearest(given, candidates)
            .map(name -> "; did you mean '" + name + "'?")
            .orElse("");
  }

  private static String lowerFirst(String text) {
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private static String describe(Exception failure) {
    String name = failure.getClass().getSimpleName();
    return failure.getMessage() == null ? name : name + ": " + firstLine(failure.getMessage());
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static void print(PrintWriter err, String message) {
    err.println("mast3r: " + message);
  }
}
