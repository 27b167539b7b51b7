package dev.mast3r.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The model that a command is to use.
 *
 * @param name to be shown to the user and written to results
 * @param path of the weights, for {@link dev.mast3r.weights.WeightFile#open}
 * @param metric whether points and translations are in metres
 * @param manifest absent for a file that is in no store
 */
public record SelectedModel(
    String name, Path path, boolean metric, Optional<ModelManifest> manifest) {

  static SelectedModel of(StoredModel model) {
    return new SelectedModel(
        model.name(), model.folder(), model.manifest().metric(), Optional.of(model.manifest()));
  }
}
