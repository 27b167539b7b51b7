package dev.mast3r.model;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import dev.mast3r.model.PairNetwork.ViewSize;
import dev.mast3r.model.SideThreads.Sides;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Decoders and heads of a pair, both images at once; each decoder looks at what the other one's
 * layer before has made (arXiv 2406.09756, section 3.1). The same answer as the module's methods
 * for both give, where the engine's products do not depend on its number of threads.
 */
final class SideBySide {

  private static final int SIDE_A = 1;
  private static final int SIDE_B = 2;

  private final PtSymbolBlock module;
  private final int decoderDepth;
  private final SideThreads threads;

  SideBySide(PtSymbolBlock module, int decoderDepth, SideThreads threads) {
    this.module = module;
    this.decoderDepth = decoderDepth;
    this.threads = threads;
  }

  /** Returns the layers that the heads need, image A's, then as many of image B's. */
  PtNDArray[] decoders(
      PtNDManager scope,
      Sides<PtNDArray> features,
      ViewSize sizeA,
      ViewSize sizeB,
      boolean wantPoints) {
    long[] kept = keptLayers(wantPoints);
    try (PtNDManager unkept = (PtNDManager) scope.newSubManager()) {
      SideDecoder a = new SideDecoder(module, unkept, SIDE_A, sizeA, sizeB, decoderDepth);
      SideDecoder b = new SideDecoder(module, unkept, SIDE_B, sizeB, sizeA, decoderDepth);
      Sides<List<PtNDArray>> made =
          threads.run(() -> a.run(features.a(), b, kept), () -> b.run(features.b(), a, kept));
      made.toList().forEach(layers -> layers.forEach(layer -> layer.attach(scope)));
      return Stream.of(List.of(features.a()), made.a(), List.of(features.b()), made.b())
          .flatMap(List::stream)
          .toArray(PtNDArray[]::new);
    }
  }

  private long[] keptLayers(boolean wantPoints) {
    try (TorchCall call = new TorchCall(module, "kept_layers")) {
      return call.with(wantPoints).run().toLongArray();
    }
  }

  /** Returns the predictions of both images by name. */
  Map<String, NDArray> heads(PtNDManager scope, DecodedPair pair) {
    PtNDArray[] layers = pair.layers();
    int half = layers.length / 2;
    PtNDArray[] ofA = Arrays.copyOfRange(layers, 0, half);
    PtNDArray[] ofB = Arrays.copyOfRange(layers, half, layers.length);
    Sides<List<NDArray>> maps =
        threads.run(
            () -> head(scope, SIDE_A, ofA, pair.a(), pair.wanted()),
            () -> head(scope, SIDE_B, ofB, pair.b(), pair.wanted()));
    Map<String, NDArray> byName = new HashMap<>();
    maps.toList().forEach(side -> side.forEach(map -> byName.put(map.getName(), map)));
    return byName;
  }

  private List<NDArray> head(
      PtNDManager scope, int side, PtNDArray[] layers, ViewSize size, Wanted wanted) {
    try (TorchCall call = new TorchCall(module, "head")) {
      call.with(side).with(layers).with(size.height()).with(size.width());
      call.with(wanted.points()).with(wanted.descriptors());
      return List.copyOf(call.run().toNDList(scope));
    }
  }
}
