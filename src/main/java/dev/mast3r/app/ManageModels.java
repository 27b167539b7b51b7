package dev.mast3r.app;

import dev.mast3r.error.ModelException;
import dev.mast3r.model.ScriptFile;
import dev.mast3r.store.ModelManifest;
import dev.mast3r.store.ModelStore;
import dev.mast3r.store.SelectedModel;
import dev.mast3r.store.StoredModel;
import dev.mast3r.weights.ModelConfig;
import dev.mast3r.weights.WeightCheck;
import dev.mast3r.weights.WeightFile;
import dev.mast3r.weights.WeightReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells of the models on this machine, in lines of text for people, and removes them. */
public final class ManageModels {

  private final ModelStore store;
  private final Optional<String> defaultModel;

  public ManageModels(Environment environment) {
    this.store = environment.modelStore();
    this.defaultModel = environment.defaultModel();
  }

  /**
   * Returns one line a model: name, precision, whether metric, licence; the default model has a
   * star.
   */
  public List<String> list() {
    List<StoredModel> models = store.list();
    String chosen = models.isEmpty() ? "" : select(Optional.empty()).name();
    List<String> lines = new ArrayList<>();
    for (StoredModel model : models) {
      ModelManifest manifest = model.manifest();
      lines.add(
          String.format(
              Locale.ROOT,
              "%s %-32s %-5s %-9s %-16s %s",
              model.name().equals(chosen) ? "*" : " ",
              model.name(),
              manifest.precision(),
              manifest.metric() ? "metric" : "up-to-scale",
              manifest.licence(),
              model.shipped() ? "bundled" : model.folder()));
    }
    return lines;
  }

  /**
   * Returns what is known of a model; of TorchScript, what the file says of itself. Executes
   * nothing.
   *
   * @param nameOrPath empty: the default model
   * @throws ModelException if there is no such model or its file is damaged
   */
  public List<String> info(Optional<String> nameOrPath) {
    SelectedModel model = select(nameOrPath);
    if (ScriptFile.isOne(model.path())) {
      ScriptFile script = ScriptFile.read(model.path());
      ModelManifest manifest = LoadedNetwork.manifest(script);
      List<String> lines =
          lines(manifest.name(), script.path(), script.config(), manifest.metric());
      lines.add("code          TorchScript, runs with --trust-code only");
      add(lines, manifest);
      return lines;
    }
    WeightFile weights = WeightFile.open(model.path());
    List<String> lines = lines(model.name(), weights.path(), weights.config(), model.metric());
    model.manifest().ifPresent(manifest -> add(lines, manifest));
    return lines;
  }

  private static List<String> lines(String name, Path file, ModelConfig config, boolean metric) {
    List<String> lines = new ArrayList<>();
    lines.add("name          " + name);
    lines.add("file          " + file);
    lines.add("network       " + config.describe());
    lines.add("metric        " + (metric ? "yes, metres" : "no, up to scale"));
    return lines;
  }

  private static void add(List<String> lines, ModelManifest manifest) {
    lines.add("precision     " + manifest.precision());
    lines.add("size          " + manifest.longSidePx() + " px on the long side");
    lines.add("licence       " + manifest.licence());
    lines.add("origin        " + manifest.origin());
    lines.add("sha256        " + manifest.sha256());
  }

  /**
   * Reads all of a model: its hash, and every tensor's name, shape, type and values.
   *
   * @param nameOrPath empty: the default model
   * @return one line that says that all is well
   * @throws ModelException naming the first problem
   */
  public String verify(Optional<String> nameOrPath) {
    SelectedModel model = select(nameOrPath);
    if (ScriptFile.isOne(model.path())) {
      throw new ModelException(
          model.path()
              + ": TorchScript, of which nothing can be verified without executing it: verify the"
              + " model that it was exported from");
    }
    store
        .find(model.name())
        .filter(stored -> stored.folder().equals(model.path()))
        .ifPresent(StoredModel::checkHash);
    WeightReport report = WeightCheck.verify(WeightFile.open(model.path()));
    if (!report.isWhole()) {
      int more = report.problems().size() - 1;
      throw new ModelException(
          model.path()
              + ": "
              + report.problems().get(0)
              + (more > 0 ? " (and " + more + " more problems)" : ""));
    }
    return String.format(
        Locale.ROOT,
        "%s is whole: %d tensors, %,d parameters",
        model.name(),
        report.tensors(),
        report.parameters());
  }

  /**
   * Deletes a model of the user.
   *
   * @throws ModelException if there is none of that name, or it came with the program
   */
  public void remove(String name) {
    store.remove(name);
  }

  private SelectedModel select(Optional<String> nameOrPath) {
    return nameOrPath.or(() -> defaultModel).map(store::select).orElseGet(store::best);
  }
}
