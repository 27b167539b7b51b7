package dev.mast3r.store;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model in a folder of a store.
 *
 * @param folder that holds weights, configuration and manifest
 * @param shipped whether it came with the program; else the user put it there
 */
public record StoredModel(Path folder, ModelManifest manifest, boolean shipped) {

  public String name() {
    return manifest.name();
  }

  /** Returns the file with the weights. */
  public Path weightPath() {
    return folder.resolve(WeightFile.WEIGHTS_NAME);
  }

  /**
   * Reads all of the weights and compares their hash.
   *
   * @throws ModelException if it is not the manifest's
   */
  public void checkHash() {
    String found;
    try {
      found = Sha256.of(weightPath());
    } catch (IOException e) {
      throw new ModelException(weightPath() + ": cannot be read: " + e, e);
    }
    if (!found.equals(manifest.sha256())) {
      throw new ModelException(
          weightPath()
              + ": is damaged or was replaced: expected SHA-256 "
              + manifest.sha256()
              + ", found "
              + found);
    }
  }
}
