package dev.mast3r.model;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import dev.mast3r.model.PairNetwork.ViewSize;
import dev.mast3r.model.SideThreads.Sides;
import java.util.List;

/**
 * The encoder's answer for a single image, shared out between two threads: each has half of the
 * tokens' rows, and where all rows meet, in attention, half of the heads. The same bytes as the
 * module's method for an image gives, where a row of the engine's products does not depend on the
 * rows beside it.
 */
final class ImageByRows {

  /** A single row would be multiplied as a vector, which rounds otherwise. */
  static final int LEAST_TOKENS = 4;

  private static final int HALVES = 2;

  private final PtSymbolBlock module;
  private final int depth;
  private final SideThreads threads;

  ImageByRows(PtSymbolBlock module, int depth, SideThreads threads) {
    this.module = module;
    this.depth = depth;
    this.threads = threads;
  }

  /**
   * Returns the encoder tokens [1, N, C] of an image of at least {@link #LEAST_TOKENS}.
   *
   * @param pixels [1, H, W, 3], uint8
   */
  PtNDArray encode(PtNDManager scope, PtNDArray pixels) {
    try (PtNDManager inner = (PtNDManager) scope.newSubManager()) {
      PtNDArray tokens = threads.runOne(() -> tokens(inner, pixels));
      ViewSize size = new ViewSize((int) pixels.getShape().get(2), (int) pixels.getShape().get(1));
      long middle = tokens.getShape().get(1) / HALVES;
      Sides<PtNDArray> rows =
          new Sides<>(
              (PtNDArray) tokens.get(new NDIndex(":, :{}", middle)),
              (PtNDArray) tokens.get(new NDIndex(":, {}:", middle)));
      for (int layer = 0; layer < depth; layer++) {
        rows = layer(inner, layer, rows, middle, size);
      }
      Sides<PtNDArray> last = rows;
      List<PtNDArray> normed =
          threads.run(() -> norm(inner, last.a()), () -> norm(inner, last.b())).toList();
      PtNDArray features =
          (PtNDArray) NDArrays.concat(new NDList(normed.toArray(PtNDArray[]::new)), 1);
      features.attach(scope);
      return features;
    }
  }

  private Sides<PtNDArray> layer(
      PtNDManager scope, int layer, Sides<PtNDArray> rows, long middle, ViewSize size) {
    try (PtNDManager inner = (PtNDManager) scope.newSubManager()) {
      PtNDArray[] qkv =
          arrays(threads.run(() -> qkv(inner, layer, rows.a()), () -> qkv(inner, layer, rows.b())));
      PtNDArray[] attended =
          arrays(
              threads.run(
                  () -> attention(inner, qkv, 0, size), () -> attention(inner, qkv, 1, size)));
      Sides<PtNDArray> made =
          threads.run(
              () -> rest(scope, layer, rows.a(), 0, attended),
              () -> rest(scope, layer, rows.b(), middle, attended));
      rows.toList().forEach(PtNDArray::close);
      return made;
    }
  }

  private static PtNDArray[] arrays(Sides<PtNDArray> sides) {
    return sides.toList().toArray(PtNDArray[]::new);
  }

  private PtNDArray tokens(PtNDManager scope, PtNDArray pixels) {
    try (TorchCall call = new TorchCall(module, "encoder_tokens")) {
      return call.with(pixels).run().toTensor(scope);
    }
  }

  private PtNDArray qkv(PtNDManager scope, int layer, PtNDArray rows) {
    try (TorchCall call = new TorchCall(module, "encoder_qkv")) {
      return call.with(layer).with(rows).run().toTensor(scope);
    }
  }

  private PtNDArray attention(PtNDManager scope, PtNDArray[] qkv, int half, ViewSize size) {
    try (TorchCall call = new TorchCall(module, "encoder_attention")) {
      call.with(qkv).with(half).with(HALVES).with(size.height()).with(size.width());
      return call.run().toTensor(scope);
    }
  }

  private PtNDArray rest(
      PtNDManager scope, int layer, PtNDArray rows, long firstRow, PtNDArray[] attended) {
    try (TorchCall call = new TorchCall(module, "encoder_rest")) {
      return call.with(layer).with(rows).with(firstRow).with(attended).run().toTensor(scope);
    }
  }

  private PtNDArray norm(PtNDManager scope, PtNDArray rows) {
    try (TorchCall call = new TorchCall(module, "encoder_norm")) {
      return call.with(rows).run().toTensor(scope);
    }
  }
}
