package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Builds the tree of commands and runs one command line. */
public final class CommandTree {

  private CommandTree() {}

  /**
   * Runs a command line and returns its exit code; never exits the process and lets no exception
   * out.
   *
   * @param args as typed, without the program's name
   */
  public static int run(String[] args, Console console, Environment environment) {
    Mast3rCommand top = new Mast3rCommand();
    ErrorPrinter errors = new ErrorPrinter(top);
    CommandLine commandLine =
        new CommandLine(top)
            .addSubcommand(new MatchCommand(console, environment))
            .addSubcommand(new PoseCommand(console, environment))
            .addSubcommand(new ReconstructCommand(console, environment))
            .addSubcommand(
                new CommandLine(new EvalCommand())
                    .addSubcommand(new EvalCommand.Pairs(console, environment)))
            .addSubcommand(
                new CommandLine(new ModelCommand(console, environment))
                    .addSubcommand(new ModelImportCommand(console, environment))
                    .addSubcommand(new ModelPullCommand(console, environment))
                    .addSubcommand(new ModelExportCommand(environment)))
            .addSubcommand(new BenchCommand(console, environment))
            .addSubcommand(new DoctorCommand(console, environment))
            .addSubcommand(new CompletionCommand(console))
            .setOut(
                new PrintWriter(
                    new OutputStreamWriter(console.out(), StandardCharsets.UTF_8), true))
            .setErr(console.err())
            .registerConverter(OptionalInt.class, CommandTree::wholeNumber)
            .registerConverter(OptionalDouble.class, CommandTree::number)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setAbbreviatedOptionsAllowed(false)
            .setUsageHelpAutoWidth(false)
            .setExitCodeExceptionMapper(failure -> ExitCodes.DEFECT)
            .setExecutionExceptionHandler(errors)
            .setParameterExceptionHandler(errors);
    int code = commandLine.execute(args);
    console.out().flush();
    console.err().flush();
    return code;
  }

  private static OptionalInt wholeNumber(String text) {
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new TypeConversionException("expected a whole number, found '" + text + "'");
    }
  }

  private static OptionalDouble number(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new TypeConversionException("expected a number, found '" + text + "'");
    }
  }
}
