package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.Fine;
import dev.mast3r.app.MatchFormat;
import dev.mast3r.app.Matcher;
import dev.mast3r.app.PoseFormat;
import dev.mast3r.error.ErrorKind;
import dev.mast3r.match.KernelChoice;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

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
    CommandLine commandLine = new CommandLine(top);
    commands(console, environment)
        .forEach((type, command) -> add(commandLine, type, command, isWhole(type, args)));
    ErrorPrinter errors = new ErrorPrinter(top);
    commandLine
        .setOut(
            new PrintWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8), true))
        .setErr(console.err())
        .registerConverter(OptionalInt.class, text -> OptionalInt.of(NumberText.whole(text)))
        .registerConverter(OptionalDouble.class, text -> OptionalDouble.of(NumberText.real(text)))
        .registerConverter(int.class, NumberText::whole)
        .registerConverter(long.class, NumberText::wide)
        .registerConverter(double.class, NumberText::real)
        .registerConverter(Fine.class, new WordConverter<>(Fine.class))
        .registerConverter(KernelChoice.class, new WordConverter<>(KernelChoice.class))
        .registerConverter(Matcher.class, new WordConverter<>(Matcher.class))
        .registerConverter(MatchFormat.class, new WordConverter<>(MatchFormat.class))
        .registerConverter(PoseFormat.class, new WordConverter<>(PoseFormat.class))
        .registerConverter(PoseMixin.Method.class, new WordConverter<>(PoseMixin.Method.class))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setUsageHelpAutoWidth(false)
        .setExitCodeExceptionMapper(failure -> ExitCodes.DEFECT)
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors);
    int code = commandLine.execute(args);
    Optional<String> lost = console.out().failure();
    lost.ifPresent(
        reason -> console.err().println("mast3r: cannot write standard output: " + reason));
    console.err().flush();
    return lost.isPresent() && code == ExitCodes.DONE ? ExitCodes.of(ErrorKind.INPUT) : code;
  }

  private static Map<Class<?>, Supplier<Object>> commands(
      Console console, Environment environment) {
    Map<Class<?>, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put(MatchCommand.class, () -> new MatchCommand(console, environment));
    commands.put(PoseCommand.class, () -> new PoseCommand(console, environment));
    commands.put(ReconstructCommand.class, () -> new ReconstructCommand(console, environment));
    commands.put(
        EvalCommand.class,
        () ->
            new CommandLine(new EvalCommand())
                .addSubcommand(new EvalPairsCommand(console, environment))
                .addSubcommand(new EvalMapFreeCommand(console, environment)));
    commands.put(
        ModelCommand.class,
        () ->
            new CommandLine(new ModelCommand(console, environment))
                .addSubcommand(new ModelImportCommand(console, environment))
                .addSubcommand(new ModelPullCommand(console, environment))
                .addSubcommand(new ModelExportCommand(environment)));
    commands.put(BenchCommand.class, () -> new BenchCommand(console, environment));
    commands.put(DoctorCommand.class, () -> new DoctorCommand(console, environment));
    commands.put(CompletionCommand.class, () -> new CompletionCommand(console));
    return commands;
  }

  /**
   * Returns whether a command's options are needed: those of the command that is run, and all of
   * them for completion. The others are known by name and description alone, since reflection over
   * every option of every command takes most of the time of a short run.
   */
  private static boolean isWhole(Class<?> type, String[] args) {
    String first = Stream.of(args).filter(arg -> !arg.startsWith("-")).findFirst().orElse("");
    return first.equals(name(type)) || first.equals(name(CompletionCommand.class));
  }

  private static String name(Class<?> type) {
    return type.getAnnotation(Command.class).name();
  }

  private static void add(
      CommandLine commandLine, Class<?> type, Supplier<Object> command, boolean whole) {
    if (whole) {
      commandLine.addSubcommand(command.get());
      return;
    }
    CommandSpec outline = CommandSpec.create().name(name(type));
    outline.usageMessage().description(type.getAnnotation(Command.class).description());
    commandLine.addSubcommand(outline.name(), outline);
  }
}
