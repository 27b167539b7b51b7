package dev.mast3r.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import dev.mast3r.model.PairNetwork.ViewSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * One side's decoder, which runs beside the other side's on a thread of its own: each waits for the
 * other only where it looks at the tokens that the other's layer before has made.
 */
final class SideDecoder {

  private final PtSymbolBlock module;
  private final PtNDManager scope;
  private final int side;
  private final ViewSize size;
  private final ViewSize otherSize;

  /** What enters the first layer, then what each layer makes. */
  private final List<CompletableFuture<PtNDArray>> tokens;

  /**
   * @param scope owns what is made
   * @param side 1 is image A's, 2 image B's
   */
  SideDecoder(
      PtSymbolBlock module,
      PtNDManager scope,
      int side,
      ViewSize size,
      ViewSize otherSize,
      int depth) {
    this.module = module;
    this.scope = scope;
    this.side = side;
    this.size = size;
    this.otherSize = otherSize;
    this.tokens = Stream.generate(CompletableFuture<PtNDArray>::new).limit(depth + 1).toList();
  }

  /**
   * Runs the layers. A failure fails the other side too, which else would wait for ever.
   *
   * @param features the encoder's tokens of this side's image
   * @param kept the numbers of the layers that are wanted: 0, the encoder's, is first, and the last
   *     layer is last
   * @return those behind the encoder's; the last one is normalised
   */
  List<PtNDArray> run(PtNDArray features, SideDecoder other, long[] kept) {
    try {
      List<PtNDArray> wanted = new ArrayList<>();
      PtNDArray x = embed(features);
      tokens.get(0).complete(x);
      for (int layer = 0; layer < tokens.size() - 1; layer++) {
        x = layer(layer, x, other);
        tokens.get(layer + 1).complete(x);
        wanted.addAll(Collections.nCopies(timesKept(layer + 1, kept), x));
        if (layer > 0 && timesKept(layer - 1, kept) == 0) {
          // the other side has made of it what this layer has looked at
          tokens.get(layer - 1).join().close();
        }
      }
      wanted.add(norm(x));
      return wanted;
    } catch (RuntimeException | Error e) {
      tokens.forEach(made -> made.completeExceptionally(e));
      throw e;
    }
  }

  /** A decoder of few layers gives some of them twice. */
  private static int timesKept(int layer, long[] kept) {
    return (int) Arrays.stream(kept, 1, kept.length - 1).filter(number -> number == layer).count();
  }

  private PtNDArray embed(PtNDArray features) {
    try (TorchCall call = new TorchCall(module, "decoder_embed")) {
      return call.with(features).run().toTensor(scope);
    }
  }

  private PtNDArray layer(int layer, PtNDArray x, SideDecoder other) {
    try (PtNDArray attended = selfAttention(layer, x);
        TorchCall call = new TorchCall(module, "decoder_rest")) {
      PtNDArray y = other.tokens.get(layer).join();
      call.with(side).with(layer).with(attended).with(y);
      call.with(size.height()).with(size.width());
      call.with(otherSize.height()).with(otherSize.width());
      return call.run().toTensor(scope);
    }
  }

  private PtNDArray selfAttention(int layer, PtNDArray x) {
    try (TorchCall call = new TorchCall(module, "decoder_self_attention")) {
      call.with(side).with(layer).with(x).with(size.height()).with(size.width());
      return call.run().toTensor(scope);
    }
  }

  private PtNDArray norm(PtNDArray x) {
    try (TorchCall call = new TorchCall(module, "decoder_norm")) {
      return call.with(x).run().toTensor(scope);
    }
  }
}
