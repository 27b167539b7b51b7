package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.PullModel;
import dev.mast3r.store.ModelDownload;
import dev.mast3r.weights.StoredPrecision;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads a model into the store. */
@Command(
    name = "pull",
    description = {
      "Download a model into the store; an interrupted download goes on where it ended.",
      "The published models are for non-commercial use: their terms are shown and must be accepted."
    })
final class ModelPullCommand implements Callable<Integer> {

  private final Console console;
  private final Environment environment;

  @Parameters(
      paramLabel = "NAME|URL",
      description = "a published model, or the address of a weight file")
  private String model;

  @Option(names = "--accept-licence", description = "agree to the terms of the model")
  private boolean accepted;

  @Option(
      names = "--precision",
      paramLabel = "fp32|fp16",
      converter = StoredPrecisionConverter.class,
      description = "to store the weights in; default: as in the file")
  private Optional<StoredPrecision> precision = Optional.empty();

  @Mixin private OutputMixin output;

  ModelPullCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    ModelDownload.Progress progress =
        output.quiet
            ? (bytes, total) -> {}
            : new DownloadProgress(console.err(), console.interactive());
    String stored =
        new PullModel(environment)
            .run(
                model,
                accepted,
                precision,
                terms -> console.err().println("mast3r: " + terms),
                progress);
    output.notices(console).accept("imported " + stored);
    return ExitCodes.DONE;
  }
}
