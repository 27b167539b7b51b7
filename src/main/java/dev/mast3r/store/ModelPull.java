package dev.mast3r.store;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.StoredPrecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Downloads a model into the store; a pull that was interrupted goes on where it ended. */
public final class ModelPull {

  private final ModelStore store;
  private final ModelDownload download;

  public ModelPull(ModelStore store, ModelDownload download) {
    this.store = store;
    this.download = download;
  }

  /**
   * Downloads all files of a model, then imports it.
   *
   * @throws ModelException if the store has a model of that name, a file cannot be downloaded or is
   *     not the expected one, or what came is no whole model
   */
  public StoredModel run(
      RemoteModel model, StoredPrecision precision, ModelDownload.Progress progress) {
    if (Files.exists(store.home().resolve(model.name()))) {
      throw new ModelException("the store has a model '" + model.name() + "' already");
    }
    Path folder = store.home().resolve("." + model.name() + ".download");
    for (RemoteFile file : model.files()) {
      Path target = folder.resolve(file.fileName());
      if (!Files.exists(target)) {
        download.fetch(file, target, progress);
      }
    }
    RemoteFile weights = model.files().get(0);
    StoredModel stored =
        ModelImport.run(
            store,
            folder.resolve(weights.fileName()),
            new ImportOptions(
                model.name(),
                model.licence(),
                weights.uri().toString(),
                precision,
                model.metric()));
    try {
      ModelImport.delete(folder);
    } catch (IOException e) {
      throw new ModelException(folder + ": cannot be deleted: " + e, e);
    }
    return stored;
  }
}
