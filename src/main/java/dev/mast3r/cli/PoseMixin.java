package dev.mast3r.cli;

import dev.mast3r.error.UsageException;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.PoseOptions;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of pose estimation. */
final class PoseMixin {

  @Option(
      names = "--method",
      paramLabel = "auto|essential|pnp|procrustes",
      description = "how the pose is estimated; default: auto")
  Method method = Method.AUTO;

  @Option(
      names = "--intrinsics-a",
      paramLabel = "fx,fy,cx,cy",
      converter = IntrinsicsConverter.class,
      description =
          "of image A in original pixels; default: the list's columns, else the EXIF focal length,"
              + " else estimated from the pointmap")
  Optional<Intrinsics> intrinsicsA = Optional.empty();

  @Option(
      names = "--intrinsics-b",
      paramLabel = "fx,fy,cx,cy",
      converter = IntrinsicsConverter.class,
      description = "of image B")
  Optional<Intrinsics> intrinsicsB = Optional.empty();

  @Option(
      names = "--threshold",
      paramLabel = "PX",
      description =
          "largest error of an inlier in original pixels (metres for procrustes); default: 1 for"
              + " essential, 5 for pnp, 0.05 for procrustes")
  OptionalDouble threshold = OptionalDouble.empty();

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      description = "most samples drawn; default: ${DEFAULT-VALUE}")
  int maxIterations = PoseOptions.defaults().maxIterations();

  @Option(
      names = "--confidence",
      paramLabel = "P",
      description =
          "chance of a good sample at which the search may stop; default: ${DEFAULT-VALUE}")
  double confidence = PoseOptions.defaults().confidence();

  PoseOptions toOptions(long seed) {
    threshold.ifPresent(value -> check("--threshold", value > 0, "more than 0", value));
    check("--max-iterations", maxIterations > 0, "at least 1", maxIterations);
    check("--confidence", confidence > 0 && confidence < 1, "a number in (0, 1)", confidence);
    return PoseOptions.of(method.chosen(), threshold, maxIterations, confidence, seed);
  }

  private static void check(String option, boolean right, String expected, Number found) {
    if (!right) {
      throw new UsageException(
          "option '" + option + "': expected " + expected + ", found " + found);
    }
  }

  /** A method, or the choice among them. */
  enum Method {
    AUTO,
    ESSENTIAL,
    PNP,
    PROCRUSTES;

    Optional<PoseMethod> chosen() {
      return switch (this) {
        case AUTO -> Optional.empty();
        case ESSENTIAL -> Optional.of(PoseMethod.ESSENTIAL);
        case PNP -> Optional.of(PoseMethod.PNP);
        case PROCRUSTES -> Optional.of(PoseMethod.PROCRUSTES);
      };
    }
  }

  /** Four numbers, separated by commas. */
  static final class IntrinsicsConverter implements ITypeConverter<Intrinsics> {
    @Override
    public Intrinsics convert(String text) {
      String[] numbers = text.split(",", -1);
      if (numbers.length != 4) {
        throw new TypeConversionException(
            "expected fx,fy,cx,cy, found " + numbers.length + " numbers in '" + text + "'");
      }
      try {
        return new Intrinsics(
            Double.parseDouble(numbers[0]),
            Double.parseDouble(numbers[1]),
            Double.parseDouble(numbers[2]),
            Double.parseDouble(numbers[3]));
      } catch (NumberFormatException e) {
        throw new TypeConversionException("expected fx,fy,cx,cy, found '" + text + "'");
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
