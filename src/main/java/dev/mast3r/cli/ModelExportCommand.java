package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.ExportModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a model of the store for other programs. */
@Command(
    name = "export",
    description = {
      "Write a model of the store for other programs.",
      "FILE.pt is one TorchScript file with code and fp32 weights, for torch.jit.load in Python and C++; its methods are"
          + " encode(image) and decode(features_a, features_b, height_a, width_a, height_b, width_b, want_points,"
          + " want_descriptors). FILE.safetensors and FOLDER hold weights and configuration."
    })
final class ModelExportCommand implements Callable<Integer> {

  private final Environment environment;

  @Parameters(index = "0", paramLabel = "NAME", description = "a model of the store")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "FILE|FOLDER",
      description = "ends in .pt or .safetensors, or is a new or empty folder")
  private Path target;

  ModelExportCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    new ExportModel(environment).run(name, target);
    return ExitCodes.DONE;
  }
}
