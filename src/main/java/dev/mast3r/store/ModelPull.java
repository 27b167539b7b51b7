package dev.mast3r.store;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.StoredPrecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Downloads a model into the store; a pull that was interrupted goes on where it ended. A file
 * whose hash no one has published is trusted at the first download, and must be the same ever
 * after.
 */
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
   * @param precision to store the weights in; empty: as in the file
   * @throws ModelException if the store has a model of that name, a file cannot be downloaded or is
   *     not the expected one, or what came is no whole model
   */
  public StoredModel run(
      RemoteModel model, Optional<StoredPrecision> precision, ModelDownload.Progress progress) {
    if (Files.exists(store.home().resolve(model.name()))) {
      throw new ModelException("the store has a model '" + model.name() + "' already");
    }
    DownloadHashes hashes = new DownloadHashes(store.home());
    Path folder = store.home().resolve("." + model.name() + ".download");
    for (RemoteFile file : model.files()) {
      Path target = folder.resolve(file.fileName());
      if (!Files.exists(target)) {
        String sha256 = download.fetch(hashes.expecting(file), target, progress);
        hashes.record(file.uri(), sha256);
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
