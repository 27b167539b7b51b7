package dev.mast3r.model;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import dev.mast3r.image.RgbImage;
import dev.mast3r.model.SideThreads.Sides;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /** Returns the encoder tokens [1, N, C] of an image of at least {@link #LEAST_TOKENS}. */
  PtNDArray encode(PtNDManager scope, RgbImage image) {
    try (PtNDManager inner = (PtNDManager) scope.newSubManager()) {
      PtNDArray tokens = threads.runOne(() -> tokens(inner, image));
      long middle = tokens.getShape().get(1) / HALVES;
      Sides<PtNDArray> rows =
          new Sides<>(
              (PtNDArray) tokens.get(new NDIndex(":, :{}", middle)),
              (PtNDArray) tokens.get(new NDIndex(":, {}:", middle)));
      for (int layer = 0; layer < depth; layer++) {
        rows = layer(inner, layer, rows, middle, image);
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
      PtNDManager scope, int layer, Sides<PtNDArray> rows, long middle, RgbImage image) {
    try (PtNDManager inner = (PtNDManager) scope.newSubManager()) {
      PtNDArray[] qkv =
          arrays(threads.run(() -> qkv(inner, layer, rows.a()), () -> qkv(inner, layer, rows.b())));
      PtNDArray[] attended =
          arrays(
              threads.run(
                  () -> attention(inner, qkv, 0, image), () -> attention(inner, qkv, 1, image)));
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

  private PtNDArray tokens(PtNDManager scope, RgbImage image) {
    byte[] pixels = image.toArray();
    ByteBuffer direct =
        ByteBuffer.allocateDirect(pixels.length).order(ByteOrder.nativeOrder()).put(pixels).flip();
    Shape shape = new Shape(1, image.height(), image.width(), 3);
    try (TorchCall call = new TorchCall(module, "encoder_tokens")) {
      return call.with(scope.create(direct, shape, DataType.UINT8)).run().toTensor(scope);
    }
  }

  private PtNDArray qkv(PtNDManager scope, int layer, PtNDArray rows) {
    try (TorchCall call = new TorchCall(module, "encoder_qkv")) {
      return call.with(layer).with(rows).run().toTensor(scope);
    }
  }

  private PtNDArray attention(PtNDManager scope, PtNDArray[] qkv, int half, RgbImage image) {
    try (TorchCall call = new TorchCall(module, "encoder_attention")) {
      call.with(qkv).with(half).with(HALVES).with(image.height()).with(image.width());
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
