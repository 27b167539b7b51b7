package dev.mast3r.cli;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The two images of a single-pair command. */
final class ImagePair {

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Parameters(
      arity = "0..*",
      paramLabel = "IMAGE",
      description = "the two images, A and B: JPEG, PNG, WebP, TIFF or BMP")
  private List<Path> images = new ArrayList<>();

  Path a() {
    return images.get(0);
  }

  Path b() {
    return images.get(1);
  }

  /**
   * Checks that there are two images, or none and one of the options that may stand in their place.
   *
   * @param instead those options, by name
   */
  void check(Map<String, Optional<Path>> instead) {
    List<String> found = new ArrayList<>();
    if (!images.isEmpty()) {
      found.add(images.size() + (images.size() == 1 ? " image" : " images"));
    }
    instead.forEach((name, value) -> value.ifPresent(given -> found.add(name)));
    boolean right = found.size() == 1 && (images.isEmpty() || images.size() == 2);
    if (!right) {
      String expected =
          "two images" + instead.keySet().stream().sorted().map(" or "::concat).collect(joining());
      throw new ParameterException(
          command.commandLine(),
          "expected "
              + expected
              + ", found "
              + (found.isEmpty() ? "nothing" : String.join(" and ", found)));
    }
  }
}
