package dev.mast3r.cli;

import dev.mast3r.app.Environment;
import dev.mast3r.app.PhotoMasks;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What takes part of the two photos of a single pair. */
final class MaskMixin {

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--mask-a",
      paramLabel = "FILE.png",
      description =
          "match no pixel of A that is black in this image of the upright photo's size; default:"
              + " match all")
  private Optional<Path> maskA = Optional.empty();

  @Option(names = "--mask-b", paramLabel = "FILE.png", description = "the same for B")
  private Optional<Path> maskB = Optional.empty();

  PhotoMasks read(Environment environment) {
    return PhotoMasks.read(maskA, maskB, environment);
  }

  /** Checks that there are no masks where they do not go with the input. */
  void refuse(String found) {
    if (maskA.isPresent() || maskB.isPresent()) {
      throw new ParameterException(
          command.commandLine(),
          "option '"
              + (maskA.isPresent() ? "--mask-a" : "--mask-b")
              + "': expected two images, found "
              + found);
    }
  }
}
