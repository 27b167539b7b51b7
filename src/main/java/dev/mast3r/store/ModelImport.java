package dev.mast3r.store;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.ModelConfig;
import dev.mast3r.weights.SafeTensorsWriter;
import dev.mast3r.weights.StoredPrecision;
import dev.mast3r.weights.WeightCheck;
import dev.mast3r.weights.WeightFile;
import dev.mast3r.weights.WeightReport;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes a weight file into the store, checked and as safetensors. The model appears whole or not at
 * all: it is written to a folder beside its place, which is then renamed.
 */
public final class ModelImport {

  /** What visual localisation with the official descriptors keeps by default. */
  private static final double DESCRIPTOR_CONFIDENCE = 1.001;

  /** What matching of 3D points keeps by default. */
  private static final double POINT_CONFIDENCE = 3;

  private ModelImport() {}

  /**
   * Imports a weight file.
   *
   * @param source as {@link WeightFile#open} takes it
   * @throws ModelException if the file is damaged, not whole or has values that are not finite, if
   *     the store has a model of that name, or if it cannot be written
   */
  public static StoredModel run(ModelStore store, Path source, ImportOptions options) {
    WeightFile weights = WeightFile.open(source);
    WeightReport report = WeightCheck.verify(weights);
    if (!report.isWhole()) {
      throw new ModelException(weights.path() + ": " + report.problems().get(0));
    }
    Path target = store.home().resolve(options.name());
    if (Files.exists(target)) {
      throw new ModelException(target + ": there is a model of that name already");
    }
    Path unfinished = store.home().resolve("." + options.name() + ".unfinished");
    try {
      Files.createDirectories(store.home());
      // what an import that was killed left behind
      delete(unfinished);
      Files.createDirectory(unfinished);
      ModelManifest manifest = write(weights, unfinished, options);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      return new StoredModel(target, manifest, false);
    } catch (IOException e) {
      throw new ModelException(target + ": cannot be written: " + e, e);
    } finally {
      deleteQuietly(unfinished);
    }
  }

  private static ModelManifest write(WeightFile weights, Path folder, ImportOptions options)
      throws IOException {
    Path file = folder.resolve(WeightFile.WEIGHTS_NAME);
    StoredPrecision precision =
        options.precision().orElseGet(() -> StoredPrecision.keeping(weights));
    String sha256;
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        HashingOutput out = new HashingOutput(Channels.newOutputStream(channel))) {
      SafeTensorsWriter.write(weights, precision, out);
      out.flush();
      channel.force(true);
      sha256 = out.sha256();
    } catch (ModelException e) {
      throw new ModelException(weights.path() + ": " + e.getMessage(), e);
    }
    ModelConfig config = weights.config();
    ModelManifest manifest =
        new ModelManifest(
            options.name(),
            options.licence(),
            options.origin(),
            sha256,
            precision.key(),
            options.metric(),
            config.nominalLongSide(),
            config.hasDescriptors() ? DESCRIPTOR_CONFIDENCE : POINT_CONFIDENCE);
    Files.writeString(folder.resolve(WeightFile.CONFIG_NAME), config.toJson());
    Files.writeString(folder.resolve(ModelManifest.FILE_NAME), manifest.toJson());
    return manifest;
  }

  private static void deleteQuietly(Path folder) {
    try {
      delete(folder);
    } catch (IOException e) {
      // the failure that led here is the one to report; the next import deletes the rest
    }
  }

  /** Deletes a model's folder, which has no folders in it. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> children = Files.walk(folder)) {
      files = children.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
