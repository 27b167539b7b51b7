package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.ImportModel;
import dev.mast3r.weights.StoredPrecision;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a weight file into the store. */
@Command(
    name = "import",
    description = {
      "Take weights into the model store: an official .pth or .safetensors, or a folder of 'model export'.",
      "Every value is checked; no code of the file is executed. Points count as metres if the name has 'metric' in it."
    })
final class ModelImportCommand implements Callable<Integer> {

  private final Console console;
  private final Environment environment;

  @Parameters(paramLabel = "FILE", description = "the weights, or a folder with them")
  private Path file;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "of the model in the store; default: the file's")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--precision",
      paramLabel = "fp32|fp16",
      converter = StoredPrecisionConverter.class,
      description = "to store the weights in; default: as in the file")
  private Optional<StoredPrecision> precision = Optional.empty();

  @Option(names = "--sha256", paramLabel = "HEX", description = "refuse a file with another hash")
  private Optional<String> sha256 = Optional.empty();

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "under which the weights may be used; default: unknown")
  private Optional<String> licence = Optional.empty();

  @Option(
      names = "--origin",
      paramLabel = "TEXT",
      description = "where the weights came from; default: the file's name")
  private Optional<String> origin = Optional.empty();

  ModelImportCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    String stored =
        new ImportModel(environment)
            .run(new ImportModel.Request(file, name, precision, sha256, licence, origin));
    console.err().println("mast3r: imported " + stored);
    return ExitCodes.DONE;
  }
}
