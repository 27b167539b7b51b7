package dev.mast3r.app;

import dev.mast3r.error.ModelException;
import dev.mast3r.error.UsageException;
import dev.mast3r.store.ModelDownload;
import dev.mast3r.store.ModelPull;
import dev.mast3r.store.ModelStore;
import dev.mast3r.store.RemoteFile;
import dev.mast3r.store.RemoteModel;
import dev.mast3r.weights.StoredPrecision;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Downloads a model into the store, once the user has agreed to its terms. */
public final class PullModel {

  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final ModelStore store;

  public PullModel(Environment environment) {
    this.store = environment.modelStore();
  }

  /**
   * Downloads and imports.
   *
   * @param nameOrUrl a published model, or the address of a weight file
   * @param termsAccepted whether the user agrees to the model's terms
   * @param precision to store the weights in; empty: as in the file
   * @param notice is told the terms
   * @return what it is called in the store
   * @throws UsageException if the terms are not agreed to
   * @throws ModelException if there is no such model, or it cannot be downloaded or imported
   */
  public String run(
      String nameOrUrl,
      boolean termsAccepted,
      Optional<StoredPrecision> precision,
      Consumer<String> notice,
      ModelDownload.Progress progress) {
    RemoteModel model = nameOrUrl.contains("://") ? ofAddress(nameOrUrl) : ofName(nameOrUrl);
    model.terms().ifPresent(terms -> notice.accept(model.name() + ": " + terms));
    if (model.terms().isPresent() && !termsAccepted) {
      throw new UsageException(
          "model '" + model.name() + "': nothing is downloaded without --accept-licence");
    }
    return new ModelPull(store, new ModelDownload(PAUSE)).run(model, precision, progress).name();
  }

  private static RemoteModel ofName(String name) {
    return RemoteModel.known().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelException(
                    "no published model '"
                        + name
                        + "': expected an address or one of "
                        + RemoteModel.known().stream().map(RemoteModel::name).toList()));
  }

  private static RemoteModel ofAddress(String address) {
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException e) {
      throw new UsageException("expected an address, found '" + address + "'", e);
    }
    return RemoteModel.of(new RemoteFile(uri, OptionalLong.empty(), Optional.empty()));
  }
}
