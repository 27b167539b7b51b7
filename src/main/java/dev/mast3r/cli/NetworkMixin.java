package dev.mast3r.cli;

import dev.mast3r.app.Matcher;
import dev.mast3r.app.NetworkOptions;
import dev.mast3r.error.UsageException;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.Precision;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options shared by the commands that run the network. */
final class NetworkMixin {

  @Option(
      names = "--model",
      paramLabel = "NAME|PATH",
      description =
          "model of the store, or a file (.safetensors, .pth); default: $MAST3R_MODEL, else the best in the store, else"
              + " the bundled small one")
  Optional<String> model = Optional.empty();

  @Option(
      names = "--matcher",
      paramLabel = "mast3r|sift",
      description =
          "sift is the classical baseline, with the same outputs; default: ${DEFAULT-VALUE}")
  Matcher matcher = Matcher.MAST3R;

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|cuda[:N]",
      converter = DeviceConverter.class,
      description = "where the network runs; cuda: a list on all GPUs; default: auto")
  DeviceChoice device = DeviceChoice.AUTO;

  @Option(
      names = "--precision",
      paramLabel = "auto|fp32|bf16|fp16",
      converter = PrecisionConverter.class,
      description =
          "of the network; default: auto, fp32 on a CPU, on a GPU bf16 or, without it, fp16")
  Precision precision = Precision.AUTO;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "long side the network sees; default: the model's own")
  OptionalInt size = OptionalInt.empty();

  @Option(
      names = "--official-crop",
      description = "crop square images to 4:3 as the official loader does; ours keeps the square")
  boolean officialCrop;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "for the engine and the matcher alike; default: all cores")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--trust-code",
      description =
          "run a model that is TorchScript (.pt), which is code and may do whatever you may do")
  boolean trustCode;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "of every random choice; the same seed gives the same bytes; default: ${DEFAULT-VALUE}")
  long seed;

  @Option(
      names = "--cache",
      paramLabel = "MB",
      description =
          "memory for images that stand in several pairs of a list; default: ${DEFAULT-VALUE}")
  int cacheMegabytes = 1024;

  NetworkOptions toOptions() {
    return new NetworkOptions(
        model,
        matcher,
        device,
        precision,
        size,
        officialCrop,
        threads,
        trustCode,
        seed,
        cacheMegabytes);
  }

  /** A device as {@link DeviceChoice} reads it. */
  static final class DeviceConverter implements ITypeConverter<DeviceChoice> {
    @Override
    public DeviceChoice convert(String text) {
      try {
        return DeviceChoice.parse(text);
      } catch (UsageException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** A precision as {@link Precision} reads it. */
  static final class PrecisionConverter implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String text) {
      try {
        return Precision.parse(text);
      } catch (UsageException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
