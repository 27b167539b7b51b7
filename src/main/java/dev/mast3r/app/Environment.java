package dev.mast3r.app;

import dev.mast3r.store.ModelStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where things live on this machine, from environment variables and system properties that the
 * entry point hands in.
 *
 * @param store models the user imported
 * @param bundledModels models that come with the application
 * @param cache unpacked native libraries; may be deleted at any time
 * @param defaultModel {@code $MAST3R_MODEL}
 * @param products {@code $MAST3R_PRODUCTS}, engine or onednn
 * @param javaVersion version and vendor of the running Java
 * @param platform operating system and architecture
 */
public record Environment(
    Path store,
    Path bundledModels,
    Path cache,
    Optional<String> defaultModel,
    Optional<String> products,
    String javaVersion,
    String platform) {

  /**
   * Reads the environment: {@code MAST3R_HOME}, {@code MAST3R_MODEL}, {@code MAST3R_PRODUCTS},
   * {@code XDG_DATA_HOME}, {@code XDG_CACHE_HOME}, {@code LOCALAPPDATA}; and the properties {@code
   * mast3r.home} (the application folder), {@code user.home}, {@code os.name}.
   */
  public static Environment of(Map<String, String> variables, Map<String, String> properties) {
    Path home = Path.of(properties.getOrDefault("user.home", "."));
    String system = properties.getOrDefault("os.name", "").toLowerCase(Locale.ROOT);
    Optional<Path> own = variable(variables, "MAST3R_HOME").map(Path::of);
    Path data;
    Path cache;
    if (system.contains("win")) {
      Path local = variable(variables, "LOCALAPPDATA").map(Path::of).orElse(home);
      data = local.resolve("mast3r");
      cache = local.resolve("mast3r").resolve("cache");
    } else if (system.contains("mac")) {
      data = home.resolve("Library/Application Support/mast3r");
      cache = home.resolve("Library/Caches/mast3r");
    } else {
      data =
          variable(variables, "XDG_DATA_HOME")
              .map(Path::of)
              .orElse(home.resolve(".local/share"))
              .resolve("mast3r");
      cache =
          variable(variables, "XDG_CACHE_HOME")
              .map(Path::of)
              .orElse(home.resolve(".cache"))
              .resolve("mast3r");
    }
    return new Environment(
        own.orElse(data).resolve("models"),
        Path.of(properties.getOrDefault("mast3r.home", ".")).resolve("models"),
        own.map(folder -> folder.resolve("cache")).orElse(cache),
        variable(variables, "MAST3R_MODEL"),
        variable(variables, "MAST3R_PRODUCTS"),
        properties.getOrDefault("java.version", "?")
            + " ("
            + properties.getOrDefault("java.vendor", "?")
            + ")",
        properties.getOrDefault("os.name", "?") + " " + properties.getOrDefault("os.arch", "?"));
  }

  /** Returns the models on this machine: the user's, then those that came with the application. */
  public ModelStore modelStore() {
    return new ModelStore(store, List.of(bundledModels));
  }

  private static Optional<String> variable(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }
}
