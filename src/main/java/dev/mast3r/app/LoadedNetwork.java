package dev.mast3r.app;

import dev.mast3r.error.ModelException;
import dev.mast3r.error.UsageException;
import dev.mast3r.image.ResizeRule;
import dev.mast3r.image.SquareRule;
import dev.mast3r.model.EngineOptions;
import dev.mast3r.model.PairNetwork;
import dev.mast3r.model.Precision;
import dev.mast3r.model.ProductLibrary;
import dev.mast3r.model.ScriptFile;
import dev.mast3r.store.ModelManifest;
import dev.mast3r.store.ModelStore;
import dev.mast3r.store.SelectedModel;
import dev.mast3r.weights.WeightFile;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The network that the options ask for, ready to run.
 *
 * @param model where it came from
 * @param network to be closed by whoever opened this
 * @param rule how images are resized for it
 * @param weights its file; absent for a TorchScript file, which has code and weights in one
 */
record LoadedNetwork(
    SelectedModel model, PairNetwork network, ResizeRule rule, Optional<WeightFile> weights) {

  /**
   * Opens the network.
   *
   * @param notice is told which model was taken
   * @throws ModelException if the model is missing or damaged, or is code that is not trusted
   * @throws dev.mast3r.error.DeviceException if the engine or the device is not there
   */
  static LoadedNetwork open(
      NetworkOptions options, Environment environment, Consumer<String> notice) {
    ModelStore store = environment.modelStore();
    SelectedModel chosen =
        options.model().or(environment::defaultModel).map(store::select).orElseGet(store::best);
    boolean script = ScriptFile.isOne(chosen.path());
    return script
        ? script(chosen, options, environment, notice)
        : weights(chosen, options, environment, notice);
  }

  private static LoadedNetwork weights(
      SelectedModel model,
      NetworkOptions options,
      Environment environment,
      Consumer<String> notice) {
    tell(model, notice);
    WeightFile weights = WeightFile.open(model.path());
    ResizeRule rule =
        rule(model, weights.config().patchSize(), weights.config().nominalLongSide(), options);
    PairNetwork network = PairNetwork.open(weights, engineOptions(options, environment));
    return new LoadedNetwork(model, network, rule, Optional.of(weights));
  }

  private static LoadedNetwork script(
      SelectedModel file,
      NetworkOptions options,
      Environment environment,
      Consumer<String> notice) {
    if (!options.trustCode()) {
      throw new ModelException(
          file.path()
              + ": TorchScript is code and would be executed with your rights: give --trust-code"
              + " if you trust whoever made the file, or use .safetensors or .pth, which are"
              + " weights alone");
    }
    if (options.precision() != Precision.AUTO && options.precision() != Precision.FP32) {
      throw new UsageException(
          "option '--precision': a TorchScript file is fixed to fp32, found "
              + options.precision().key());
    }
    ScriptFile script = ScriptFile.read(file.path());
    ModelManifest manifest = manifest(script);
    SelectedModel model =
        new SelectedModel(manifest.name(), file.path(), manifest.metric(), Optional.of(manifest));
    tell(model, notice);
    ResizeRule rule =
        rule(model, script.config().patchSize(), script.config().nominalLongSide(), options);
    PairNetwork network = PairNetwork.openTrusted(script, engineOptions(options, environment));
    return new LoadedNetwork(model, network, rule, Optional.empty());
  }

  /**
   * Returns what a script says of the model that it was exported from.
   *
   * @throws ModelException if it is damaged
   */
  static ModelManifest manifest(ScriptFile script) {
    try {
      return ModelManifest.parse(script.manifest());
    } catch (ModelException e) {
      throw new ModelException(script.path() + ": " + e.getMessage(), e);
    }
  }

  private static void tell(SelectedModel model, Consumer<String> notice) {
    notice.accept("model " + model.name() + " (" + model.path() + ")");
  }

  private static ResizeRule rule(
      SelectedModel model, int patch, int nominalLongSide, NetworkOptions options) {
    int ofModel = model.manifest().map(ModelManifest::longSidePx).orElse(nominalLongSide);
    int size = options.size().orElse(ofModel);
    if (size < patch) {
      throw new UsageException(
          "option '--size': expected at least the model's patch of "
              + patch
              + " pixels, found "
              + size);
    }
    SquareRule squares = options.officialCrop() ? SquareRule.CROP_TO_4_3 : SquareRule.KEEP;
    return new ResizeRule(size, patch, squares);
  }

  private static EngineOptions engineOptions(NetworkOptions options, Environment environment) {
    return new EngineOptions(
        options.device(), options.precision(), options.threads(), products(environment));
  }

  /**
   * Returns the library of the products that the user wants.
   *
   * @throws UsageException if the variable names none
   */
  static Optional<ProductLibrary> products(Environment environment) {
    try {
      return environment.products().map(ProductLibrary::parse);
    } catch (UsageException e) {
      throw new UsageException("MAST3R_PRODUCTS: " + e.getMessage(), e);
    }
  }
}
