package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.ManageModels;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The models on this machine. */
@Command(name = "model", description = "Look after the models on this machine.")
final class ModelCommand implements Callable<Integer> {

  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  ModelCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "expected one of " + String.join(", ", spec.subcommands().keySet()));
  }

  @Command(name = "list", description = "List the models; the default one has a star.")
  int list() {
    new ManageModels(environment).list().forEach(console.out()::println);
    return ExitCodes.DONE;
  }

  @Command(name = "info", description = "Tell what is known of a model.")
  int info(
      @Parameters(
              arity = "0..1",
              paramLabel = "NAME|PATH",
              description = "default: the default model")
          Optional<String> model) {
    new ManageModels(environment).info(given(model)).forEach(console.out()::println);
    return ExitCodes.DONE;
  }

  @Command(
      name = "verify",
      description = "Read all of a model: hash, names, shapes, types, values.")
  int verify(
      @Parameters(
              arity = "0..1",
              paramLabel = "NAME|PATH",
              description = "default: the default model")
          Optional<String> model) {
    console.out().println(new ManageModels(environment).verify(given(model)));
    return ExitCodes.DONE;
  }

  @Command(name = "remove", description = "Delete a model that was imported or pulled.")
  int remove(@Parameters(paramLabel = "NAME", description = "the model") String name) {
    new ManageModels(environment).remove(name);
    return ExitCodes.DONE;
  }

  /** A parameter that was left out arrives as null. */
  private static Optional<String> given(Optional<String> parameter) {
    return Optional.ofNullable(parameter).flatMap(value -> value);
  }
}
