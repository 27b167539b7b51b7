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

  /** Returns a map by its name in the module's answer. */
  PtNDArray array(String name) {
    return (PtNDArray)
        Optional.ofNullable(maps.get(name))
            .orElseThrow(() -> new IllegalArgumentException("there is no map " + name));
  }

  /** Copies all maps of the only pair, from a GPU after the wait for it. */
  public PairMaps toPairMaps() {
    return toPairMaps(0);
  }

  /** As {@link #toPairMaps()}, of one of several pairs of the call. */
  PairMaps toPairMaps(int index) {
    return new PairMaps(view(index, "_a", a), view(index, "_b", b));
  }

  private ViewMaps view(int index, String side, ViewSize size) {
    int width = size.width();
    int height = size.height();
    return new ViewMaps(
        values(index, "points" + side).map(xyz -> new Pointmap(width, height, xyz)),
        values(index, "point_confidence" + side)
            .map(confidence -> new ConfidenceMap(width, height, confidence)),
        values(index, "descriptors" + side)
            .map(descriptors -> new DescriptorMap(width, height, descriptorDimension, descriptors)),
        values(index, "descriptor_confidence" + side)
            .map(confidence -> new ConfidenceMap(width, height, confidence)));
  }

  private Optional<float[]> values(int index, String name) {
    return Optional.ofNullable(maps.get(name)).map(batch -> batch.get(index).toFloatArray());
  }

  @Override
  public void close() {
    scope.close();
  }
}
