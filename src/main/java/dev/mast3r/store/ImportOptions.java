package dev.mast3r.store;

import dev.mast3r.error.UsageException;
import dev.mast3r.weights.StoredPrecision;
import java.util.Optional;

/**
 * How a weight file becomes a model of the store.
 *
 * @param name of the model there
 * @param licence under which the weights may be used
 * @param origin where they came from
 * @param precision to store them in; empty: as in the file
 * @param metric whether points are in metres; no file says so
 */
public record ImportOptions(
    String name,
    String licence,
    String origin,
    Optional<StoredPrecision> precision,
    boolean metric) {

  /**
   * @throws UsageException if the name cannot be a model's
   */
  public ImportOptions {
    if (!ModelManifest.isName(name)) {
      throw new UsageException(
          "a model's name has letters, digits, '.', '_' and '-', found '" + name + "'");
    }
  }
}
