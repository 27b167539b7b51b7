package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.error.UsageException;
import dev.mast3r.output.NpzRawMaps;
import dev.mast3r.output.PlyWriter;
import dev.mast3r.output.PointCloud;
import dev.mast3r.output.RawMaps;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Writes what the network says of a pair: a coloured point cloud in camera A's frame, or the raw
 * maps.
 */
public final class ReconstructPair {

  private enum Format {
    PLY,
    NPZ;

    static Format ofFile(Path file) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      if (name.endsWith(".ply")) {
        return PLY;
      }
      if (name.endsWith(".npz")) {
        return NPZ;
      }
      throw new UsageException(
          "option '-o': expected a name that ends in .ply or .npz, found '" + file + "'");
    }
  }

  private final Environment environment;

  public ReconstructPair(Environment environment) {
    this.environment = environment;
  }

  /**
   * Checks a file's name before any work is done.
   *
   * @throws UsageException if the extension is unknown or the folder does not exist
   */
  public static void checkName(Path file) {
    Format.ofFile(file);
    MatchTarget.checkFolder("-o", file);
  }

  /**
   * Runs the network on a pair and writes the file.
   *
   * @param minConfidence leaves points of a lower confidence out of a cloud
   * @param notice is told which model was taken
   * @throws dev.mast3r.error.Mast3rException if the model, an image or the file cannot be used
   */
  public void run(
      Path a,
      Path b,
      Path file,
      OptionalDouble minConfidence,
      NetworkOptions options,
      Consumer<String> notice) {
    if (options.matcher() != Matcher.MAST3R) {
      throw new UsageException("option '--matcher': a reconstruction needs the network");
    }
    Format format = Format.ofFile(file);
    try (PairPredictor predictor = PairPredictor.open(options, environment, notice)) {
      boolean descriptors = format == Format.NPZ;
      RawMaps raw =
          predictor
              .predict(
                  PhotoFile.of(a),
                  PhotoFile.of(b),
                  (photoA, photoB) -> Points.IN_A,
                  descriptors,
                  Optional.empty())
              .maps()
              .raw();
      AtomicFile.write(
          file,
          out -> {
            switch (format) {
              case PLY -> PlyWriter.write(out, PointCloud.ofMaps(raw, minConfidence));
              case NPZ -> NpzRawMaps.write(out, raw);
            }
          });
    }
  }
}
