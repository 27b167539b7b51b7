package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.ReconstructPair;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The two pointmaps of a pair as one coloured point cloud, or the raw maps. */
@Command(
    name = "reconstruct",
    description =
        "Write the two pointmaps as one coloured point cloud in camera A's frame, or the raw maps.")
final class ReconstructCommand implements Callable<Integer> {

  private final Console console;
  private final Environment environment;

  @Mixin private ImagePair images;
  @Mixin private NetworkMixin network;
  @Mixin private OutputMixin output;

  @Option(
      names = "-o",
      required = true,
      paramLabel = "FILE",
      description =
          "cloud.ply: the point cloud; maps.npz: the raw maps, to be matched again with 'match --maps'")
  private Path file;

  @Option(
      names = "--min-conf",
      paramLabel = "C",
      description = "leave points whose confidence is below C out of the cloud; default: keep all")
  private OptionalDouble minConfidence = OptionalDouble.empty();

  ReconstructCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    images.check(Map.of());
    ReconstructPair.checkName(file);
    new ReconstructPair(environment)
        .run(
            images.a(),
            images.b(),
            file,
            minConfidence,
            network.toOptions(),
            output.notices(console));
    return ExitCodes.DONE;
  }
}
