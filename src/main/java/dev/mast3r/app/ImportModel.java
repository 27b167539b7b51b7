package dev.mast3r.app;

import dev.mast3r.error.ModelException;
import dev.mast3r.error.UsageException;
import dev.mast3r.store.ImportOptions;
import dev.mast3r.store.ModelImport;
import dev.mast3r.store.ModelManifest;
import dev.mast3r.store.ModelStore;
import dev.mast3r.store.SelectedModel;
import dev.mast3r.store.Sha256;
import dev.mast3r.store.StoredModel;
import dev.mast3r.weights.StoredPrecision;
import dev.mast3r.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Takes a weight file of the user into the store. */
public final class ImportModel {

  /**
   * What to import, and what to call it.
   *
   * @param file weights, or a folder with them
   * @param name in the store; empty: the file's
   * @param precision to store the weights in; empty: as in the file
   * @param sha256 that the file must have, in hexadecimal digits; empty: any
   * @param licence empty: what lies beside the file says, else unknown
   * @param origin likewise, else the file's name
   */
  public record Request(
      Path file,
      Optional<String> name,
      Optional<StoredPrecision> precision,
      Optional<String> sha256,
      Optional<String> licence,
      Optional<String> origin) {

    /**
     * @throws UsageException if the hash is none
     */
    public Request {
      sha256 = sha256.map(hash -> hash.toLowerCase(Locale.ROOT));
      if (sha256.isPresent() && !sha256.get().matches("[0-9a-f]{64}")) {
        throw new UsageException(
            "option '--sha256': expected 64 hexadecimal digits, found '" + sha256.get() + "'");
      }
    }
  }

  private final ModelStore store;

  public ImportModel(Environment environment) {
    this.store = environment.modelStore();
  }

  /**
   * Checks the hash, then imports.
   *
   * @return what it is now called
   * @throws ModelException if the file is missing, another one, damaged or no model, or if the
   *     store has a model of that name
   */
  public String run(Request request) {
    Path file =
        Files.isDirectory(request.file())
            ? request.file().resolve(WeightFile.WEIGHTS_NAME)
            : request.file();
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file + ": no such file");
    }
    if (request.sha256().isPresent()) {
      checkHash(file, request.sha256().get());
    }
    SelectedModel source = ModelStore.fromPath(request.file());
    Optional<ModelManifest> manifest = source.manifest();
    String name = request.name().orElse(source.name());
    StoredModel stored =
        ModelImport.run(
            store,
            request.file(),
            new ImportOptions(
                name,
                request.licence().or(() -> manifest.map(ModelManifest::licence)).orElse("unknown"),
                request
                    .origin()
                    .or(() -> manifest.map(ModelManifest::origin))
                    .orElse(String.valueOf(file.getFileName())),
                request.precision(),
                source.metric() || (manifest.isEmpty() && ModelStore.isMetricName(name))));
    return stored.name();
  }

  private static void checkHash(Path file, String expected) {
    String found;
    try {
      found = Sha256.of(file);
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + e, e);
    }
    if (!found.equals(expected)) {
      throw new ModelException(file + ": expected SHA-256 " + expected + ", found " + found);
    }
  }
}
