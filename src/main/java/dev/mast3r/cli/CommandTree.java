package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import picocli.CommandLine;

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
            .addSubcommand(new ModelCommand(console, environment))
            .addSubcommand(new DoctorCommand(console, environment))
            .addSubcommand(new CompletionCommand(console))
            .registerConverter(OptionalInt.class, OptionalNumbers::wholeNumber)
            .registerConverter(OptionalDouble.class, OptionalNumbers::number)
            .setOut(
                new PrintWriter(
                    new OutputStreamWriter(console.out(), StandardCharsets.UTF_8), true))
            .setErr(console.err())
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
}
