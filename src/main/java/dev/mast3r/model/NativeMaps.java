package dev.mast3r.model;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.dense.PairMaps;
import dev.mast3r.dense.Pointmap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.model.PairNetwork.ViewSize;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The heads' answer in the engine's memory, which it holds until it is closed. */
public final class NativeMaps implements AutoCloseable {

  private final PtNDManager scope;
  private final Map<String, NDArray> maps;
  private final ViewSize a;
  private final ViewSize b;
  private final int descriptorDimension;

  NativeMaps(
      PtNDManager scope,
      Map<String, NDArray> maps,
      ViewSize a,
      ViewSize b,
      int descriptorDimension) {
    this.scope = scope;
    this.maps = maps;
    this.a = a;
    this.b = b;
    this.descriptorDimension = descriptorDimension;
  }

  /**
   * Returns a map of all pairs of the call.
   *
   * @throws IllegalArgumentException if it was not asked for, or the model has none
   */
  PtNDArray array(NetworkMap map) {
    return (PtNDArray)
        Optional.ofNullable(maps.get(map.key()))
            .orElseThrow(() -> new IllegalArgumentException("there is no map " + map.key()));
  }

  /**
   * Waits for a device that works on while the program goes ahead.
   *
   * @throws dev.mast3r.error.DeviceException if the engine fails, also in earlier work that it had
   *     not waited for
   */
  public void await() {
    TorchEngine.telling(
        "heads",
        () -> {
          // a value is only there when all work before it is done
          try (NDArray values = maps.values().iterator().next().flatten();
              NDArray first = values.get(0)) {
            return first.getFloat();
          }
        });
  }

  /** Copies all maps of the only pair, from a GPU after the wait for it. */
  public PairMaps toPairMaps() {
    return toPairMaps(0, NetworkMap.all());
  }

  /**
   * As {@link #toPairMaps()}, of one of several pairs of the call.
   *
   * @param kept the others are left where they are
   * @throws dev.mast3r.error.DeviceException if the engine fails, also in earlier work that it had
   *     not waited for
   */
  public PairMaps toPairMaps(int pair, Set<NetworkMap> kept) {
    return TorchEngine.telling("the copy of its maps", () -> copies(pair, kept));
  }

  private PairMaps copies(int pair, Set<NetworkMap> kept) {
    return new PairMaps(
        new ViewMaps(
            points(pair, NetworkMap.POINTS_A, a, kept),
            confidence(pair, NetworkMap.POINT_CONFIDENCE_A, a, kept),
            descriptors(pair, NetworkMap.DESCRIPTORS_A, a, kept),
            confidence(pair, NetworkMap.DESCRIPTOR_CONFIDENCE_A, a, kept)),
        new ViewMaps(
            points(pair, NetworkMap.POINTS_B, b, kept),
            confidence(pair, NetworkMap.POINT_CONFIDENCE_B, b, kept),
            descriptors(pair, NetworkMap.DESCRIPTORS_B, b, kept),
            confidence(pair, NetworkMap.DESCRIPTOR_CONFIDENCE_B, b, kept)));
  }

  private Optional<Pointmap> points(int pair, NetworkMap map, ViewSize size, Set<NetworkMap> kept) {
    return values(pair, map, kept).map(xyz -> new Pointmap(size.width(), size.height(), xyz));
  }

  private Optional<ConfidenceMap> confidence(
      int pair, NetworkMap map, ViewSize size, Set<NetworkMap> kept) {
    return values(pair, map, kept)
        .map(confidence -> new ConfidenceMap(size.width(), size.height(), confidence));
  }

  private Optional<DescriptorMap> descriptors(
      int pair, NetworkMap map, ViewSize size, Set<NetworkMap> kept) {
    return values(pair, map, kept)
        .map(values -> new DescriptorMap(size.width(), size.height(), descriptorDimension, values));
  }

  private Optional<float[]> values(int pair, NetworkMap map, Set<NetworkMap> kept) {
    return Optional.ofNullable(maps.get(map.key()))
        .filter(batch -> kept.contains(map))
        .map(batch -> batch.get(pair).toFloatArray());
  }

  @Override
  public void close() {
    scope.close();
  }
}
