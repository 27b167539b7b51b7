package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.error.ModelException;
import dev.mast3r.error.UsageException;
import dev.mast3r.model.ScriptFileWriter;
import dev.mast3r.store.ModelManifest;
import dev.mast3r.store.ModelStore;
import dev.mast3r.store.StoredModel;
import dev.mast3r.weights.WeightFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Writes a model of the store for other programs: as a TorchScript file with code and weights, or
 * as safetensors with its configuration beside it.
 */
public final class ExportModel {

  private final ModelStore store;

  public ExportModel(Environment environment) {
    this.store = environment.modelStore();
  }

  /**
   * Writes the model; its hash is checked first.
   *
   * @param target a file that ends in .pt or .safetensors, or a folder that is new or empty
   * @throws UsageException if the target is of another kind
   * @throws ModelException if there is no such model or it is damaged
   * @throws dev.mast3r.error.InputException if the target cannot be written
   */
  public void run(String name, Path target) {
    StoredModel model =
        store
            .find(name)
            .orElseThrow(
                () ->
                    new ModelException(
                        "no model '"
                            + name
                            + "': the models are "
                            + store.list().stream().map(StoredModel::name).toList()));
    String file = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
    if (Files.isDirectory(target) || !file.contains(".")) {
      ModelManifest manifest = inFolder(model.manifest(), target);
      model.checkHash();
      createFolder(target);
      copy(model.weightPath(), target.resolve(WeightFile.WEIGHTS_NAME));
      copy(config(model), target.resolve(WeightFile.CONFIG_NAME));
      write(manifest.toJson(), target.resolve(ModelManifest.FILE_NAME));
    } else if (file.endsWith(".safetensors")) {
      Path besides = target.resolveSibling(WeightFile.CONFIG_NAME);
      if (Files.exists(besides)) {
        throw new UsageException(
            besides + " exists: expected a file in a folder without a model, found " + target);
      }
      model.checkHash();
      copy(model.weightPath(), target);
      copy(config(model), besides);
    } else if (file.endsWith(".pt")) {
      model.checkHash();
      WeightFile weights = WeightFile.open(model.folder());
      AtomicFile.write(
          target, out -> ScriptFileWriter.write(weights, model.manifest().toJson(), out));
    } else {
      throw new UsageException(
          "expected a folder, or a file that ends in .pt or .safetensors, found '" + target + "'");
    }
  }

  /** A model's folder has the model's name. */
  private static ModelManifest inFolder(ModelManifest manifest, Path folder) {
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    if (!ModelManifest.isName(name)) {
      throw new UsageException(
          "expected a folder whose name can be a model's (letters, digits, '.', '_' and '-'), found '"
              + folder
              + "'");
    }
    return new ModelManifest(
        name,
        manifest.licence(),
        manifest.origin(),
        manifest.sha256(),
        manifest.precision(),
        manifest.metric(),
        manifest.longSidePx(),
        manifest.minConfidence());
  }

  private static Path config(StoredModel model) {
    return model.folder().resolve(WeightFile.CONFIG_NAME);
  }

  private static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> children = Files.list(folder)) {
        List<Path> found = children.limit(1).toList();
        if (!found.isEmpty()) {
          throw new UsageException(
              folder + ": expected a new or empty folder, found " + found.get(0));
        }
      }
    } catch (IOException e) {
      throw new ModelException(folder + ": cannot be created: " + e, e);
    }
  }

  private static void copy(Path source, Path target) {
    AtomicFile.write(target, out -> Files.copy(source, out));
  }

  private static void write(String text, Path target) {
    AtomicFile.write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
