package dev.mast3r.app;

import dev.mast3r.error.UsageException;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.Precision;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the network is run.
 *
 * @param model a name of the store or a path; empty: the default model
 * @param matcher who finds the correspondences
 * @param device where the engine computes
 * @param precision of the network's arithmetic
 * @param size long side of the network's input in pixels; empty: the model's own
 * @param officialCrop whether a square image is cropped to 4:3 as the official loader does
 * @param threads for the engine and the matcher alike
 * @param trustCode whether a model that is code may be executed
 * @param seed of every random choice
 * @param cacheMegabytes memory for decoded and encoded images that stand in several pairs
 */
public record NetworkOptions(
    Optional<String> model,
    Matcher matcher,
    DeviceChoice device,
    Precision precision,
    OptionalInt size,
    boolean officialCrop,
    int threads,
    boolean trustCode,
    long seed,
    int cacheMegabytes) {

  public NetworkOptions {
    if (threads < 1 || threads > 1024) {
      throw new UsageException("option '--threads': expected 1 to 1024, found " + threads);
    }
    if (size.isPresent() && (size.getAsInt() < 16 || size.getAsInt() > 8192)) {
      throw new UsageException("option '--size': expected 16 to 8192, found " + size.getAsInt());
    }
    if (cacheMegabytes < 0) {
      throw new UsageException(
          "option '--cache': expected 0 or more megabytes, found " + cacheMegabytes);
    }
  }

  /** Returns the same options for another device. */
  NetworkOptions on(DeviceChoice other) {
    return new NetworkOptions(
        model,
        matcher,
        other,
        precision,
        size,
        officialCrop,
        threads,
        trustCode,
        seed,
        cacheMegabytes);
  }

  /** Returns the options that change results, as text: not those of speed alone. */
  public String shapingResults() {
    return List.of(model, matcher, device, precision, size, officialCrop, seed).toString();
  }
}
