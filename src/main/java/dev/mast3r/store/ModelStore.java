package dev.mast3r.store;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The models on this machine: those that the user put into a folder of their own, and those that
 * were shipped with the program. Each model is a folder with {@code model.safetensors}, {@code
 * config.json} and {@code manifest.json}; folders without a manifest, or whose name begins with a
 * dot, are no models.
 */
public final class ModelStore {

  private final Path home;
  private final List<Path> shipped;

  /**
   * @param home the user's models; need not exist
   * @param shipped folders of models that came with the program; need not exist
   */
  public ModelStore(Path home, List<Path> shipped) {
    this.home = home;
    this.shipped = List.copyOf(shipped);
  }

  /** Returns the user's folder, where new models go. */
  public Path home() {
    return home;
  }

  /**
   * Returns all models, the user's first, each group by name. A shipped model whose name the user's
   * folder has too is left out.
   *
   * @throws ModelException if a manifest is damaged; the message names the file
   */
  public List<StoredModel> list() {
    List<StoredModel> models = new ArrayList<>(read(home, false));
    for (Path folder : shipped) {
      for (StoredModel model : read(folder, true)) {
        if (models.stream().noneMatch(other -> other.name().equals(model.name()))) {
          models.add(model);
        }
      }
    }
    return models;
  }

  private static List<StoredModel> read(Path folder, boolean shipped) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      List<StoredModel> models = new ArrayList<>();
      for (Path child : children.sorted().toList()) {
        Path manifest = child.resolve(ModelManifest.FILE_NAME);
        if (!child.getFileName().toString().startsWith(".") && Files.exists(manifest)) {
          models.add(new StoredModel(child, readManifest(manifest), shipped));
        }
      }
      return models;
    } catch (IOException e) {
      throw new ModelException(folder + ": cannot be read: " + e, e);
    }
  }

  private static ModelManifest readManifest(Path file) {
    ModelManifest manifest;
    try {
      manifest = ModelManifest.parse(Files.readString(file));
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + e, e);
    } catch (ModelException e) {
      throw new ModelException(file + ": " + e.getMessage(), e);
    }
    String folder = String.valueOf(file.toAbsolutePath().normalize().getParent().getFileName());
    if (!manifest.name().equals(folder)) {
      throw new ModelException(
          file + ": name: expected its folder's, found '" + manifest.name() + "'");
    }
    return manifest;
  }

  /** Returns the model of a name, the user's before a shipped one. */
  public Optional<StoredModel> find(String name) {
    return list().stream().filter(model -> model.name().equals(name)).findFirst();
  }

  /**
   * Deletes a model of the user.
   *
   * @throws ModelException if there is none of that name, or it came with the program
   */
  public void remove(String name) {
    StoredModel model =
        find(name).orElseThrow(() -> new ModelException("no model '" + name + "' in " + home));
    if (model.shipped()) {
      throw new ModelException("model '" + name + "' came with the program and stays");
    }
    try {
      // first the manifest: without it the rest is no model, should this be interrupted
      Files.delete(model.folder().resolve(ModelManifest.FILE_NAME));
      ModelImport.delete(model.folder());
    } catch (IOException e) {
      throw new ModelException(model.folder() + ": cannot be deleted: " + e, e);
    }
  }

  /**
   * Returns the best model: the user's before shipped ones, metric before relative ones, then the
   * one with more weights.
   *
   * @throws ModelException if there is none
   */
  public SelectedModel best() {
    return list().stream()
        .min(
            Comparator.comparing(StoredModel::shipped)
                .thenComparing(model -> !model.manifest().metric())
                .thenComparingLong(model -> -weightBytes(model))
                .thenComparing(StoredModel::name))
        .map(SelectedModel::of)
        .orElseThrow(
            () ->
                new ModelException(
                    "no model found in "
                        + home
                        + " nor with the program: get one with model pull or model import"));
  }

  private static long weightBytes(StoredModel model) {
    try {
      return Files.size(model.weightPath());
    } catch (IOException e) {
      throw new ModelException(model.weightPath() + ": cannot be read: " + e, e);
    }
  }

  /**
   * Returns the model that a user names: one of the store, else a weight file or a folder with one.
   *
   * @throws ModelException if there is neither; the message lists the names there are
   */
  public SelectedModel select(String nameOrPath) {
    Optional<StoredModel> stored =
        ModelManifest.isName(nameOrPath) ? find(nameOrPath) : Optional.empty();
    if (stored.isPresent()) {
      return SelectedModel.of(stored.get());
    }
    return existing(nameOrPath)
        .map(ModelStore::fromPath)
        .orElseThrow(
            () ->
                new ModelException(
                    "no model and no file '"
                        + nameOrPath
                        + "': the models are "
                        + list().stream().map(StoredModel::name).toList()));
  }

  private static Optional<Path> existing(String text) {
    try {
      return Optional.of(Path.of(text)).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the model of a weight file or of a folder with one, by what lies beside it.
   *
   * @throws ModelException if its manifest is damaged
   */
  public static SelectedModel fromPath(Path path) {
    Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
    Path manifestFile = folder.resolve(ModelManifest.FILE_NAME);
    boolean whole = Files.isDirectory(path) || path.endsWith(WeightFile.WEIGHTS_NAME);
    if (whole && Files.exists(manifestFile)) {
      ModelManifest manifest = readManifest(manifestFile);
      return new SelectedModel(manifest.name(), path, manifest.metric(), Optional.of(manifest));
    }
    String name = nameOf(path);
    return new SelectedModel(name, path, isMetricName(name), Optional.empty());
  }

  /**
   * Returns the folder's name for {@code model.safetensors}, else the file's without its ending.
   */
  static String nameOf(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path named =
        absolute.endsWith(WeightFile.WEIGHTS_NAME) && absolute.getParent() != null
            ? absolute.getParent()
            : absolute;
    return String.valueOf(named.getFileName()).replaceFirst("\\.(pth|pt|safetensors)$", "");
  }

  /** The official files tell by their names alone which are in metres. */
  public static boolean isMetricName(String name) {
    return name.toLowerCase(Locale.ROOT).contains("metric");
  }
}
