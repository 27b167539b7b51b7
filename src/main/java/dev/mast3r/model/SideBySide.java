package dev.mast3r.model;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import dev.mast3r.model.PairNetwork.ViewSize;
import dev.mast3r.model.SideThreads.Sides;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Decoders and heads of a pair, both images at once: layer after layer, as each decoder looks at
 * what the other one's layer before has made (arXiv 2406.09756, section 3.1). The same answer as
 * the module's methods for both give, where the engine's products do not depend on its number of
 * threads.
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
    List<Sides<PtNDArray>> layers = new ArrayList<>(List.of(features));
    try (PtNDManager unkept = (PtNDManager) scope.newSubManager()) {
      Sides<PtNDArray> x =
          threads.run(() -> embed(unkept, features.a()), () -> embed(unkept, features.b()));
      boolean isKept = false;
      for (int layer = 0; layer < decoderDepth; layer++) {
        Sides<PtNDArray> before = x;
        int index = layer;
        x =
            threads.run(
                () -> layer(unkept, SIDE_A, index, before.a(), before.b(), sizeA, sizeB),
                () -> layer(unkept, SIDE_B, index, before.b(), before.a(), sizeB, sizeA));
        if (!isKept) {
          before.toList().forEach(PtNDArray::close);
        }
        isKept = false;
        for (int i = 1; i < kept.length - 1; i++) {
          if (kept[i] == layer + 1) {
            layers.add(x);
            isKept = true;
          }
        }
      }
      Sides<PtNDArray> last = x;
      layers.add(threads.run(() -> norm(unkept, last.a()), () -> norm(unkept, last.b())));
      layers.stream()
          .skip(1)
          .flatMap(side -> side.toList().stream())
          .forEach(array -> array.attach(scope));
    }
    return Stream.concat(layers.stream().map(Sides::a), layers.stream().map(Sides::b))
        .toArray(PtNDArray[]::new);
  }

  private long[] keptLayers(boolean wantPoints) {
    try (TorchCall call = new TorchCall(module, "kept_layers")) {
      return call.with(wantPoints).run().toLongArray();
    }
  }

  private PtNDArray embed(PtNDManager scope, PtNDArray features) {
    try (TorchCall call = new TorchCall(module, "decoder_embed")) {
      return call.with(features).run().toTensor(scope);
    }
  }

  private PtNDArray layer(
      PtNDManager scope,
      int side,
      int layer,
      PtNDArray own,
      PtNDArray other,
      ViewSize ownSize,
      ViewSize otherSize) {
    try (TorchCall call = new TorchCall(module, "decoder_layer")) {
      call.with(side).with(layer).with(own).with(other);
      call.with(ownSize.height()).with(ownSize.width());
      call.with(otherSize.height()).with(otherSize.width());
      return call.run().toTensor(scope);
    }
  }

  private PtNDArray norm(PtNDManager scope, PtNDArray x) {
    try (TorchCall call = new TorchCall(module, "decoder_norm")) {
      return call.with(x).run().toTensor(scope);
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
