package dev.mast3r.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mast3r.weights.ModelConfig.ConfidenceMode;
import dev.mast3r.weights.ModelConfig.Curve;
import dev.mast3r.weights.ModelConfig.DepthMode;
import dev.mast3r.weights.ModelConfig.PointsHead;
import dev.mast3r.weights.ModelConfig.TransformerSize;
import org.junit.jupiter.api.Test;

class NetworkFlopsTest {

  private static final ConfidenceMode CONFIDENCE =
      new ConfidenceMode(Curve.EXP, 1, Double.POSITIVE_INFINITY);

  private static NetworkFlops published(PointsHead head, int descriptors) {
    return NetworkFlops.of(
        new ModelConfig(
            16,
            512,
            512,
            100,
            new TransformerSize(1024, 24, 16),
            new TransformerSize(768, 12, 12),
            head,
            descriptors,
            DepthMode.EXP,
            CONFIDENCE,
            CONFIDENCE,
            descriptors > 0));
  }

  /** Counted over the reference implementation's layers. */
  @Test
  void countsThePublishedModelExactly() {
    NetworkFlops flops = published(PointsHead.DPT, 24);

    long encoder = 2 * flops.encoder(512, 384);
    long decoders = flops.decoders(512, 384, 512, 384);
    long heads = flops.heads(512, 384, 512, 384);

    assertEquals(1046.093, encoder / 1e9, 1e-3);
    assertEquals(437.281, decoders / 1e9, 1e-3);
    assertEquals(2_037_173_452_800L, encoder + decoders + heads);
  }

  @Test
  void countsALinearHeadAsOneLayer() {
    NetworkFlops flops = published(PointsHead.LINEAR, 0);

    assertEquals(2L * 2 * 768 * 1024 * 768, flops.heads(512, 384, 512, 384));
  }

  @Test
  void countsCrossAttentionByBothSizes() {
    NetworkFlops flops = published(PointsHead.LINEAR, 0);

    long same = flops.decoders(512, 384, 512, 384);

    assertEquals(flops.decoders(384, 512, 512, 384), same);
    assertEquals(flops.decoders(512, 384, 256, 192), flops.decoders(256, 192, 512, 384));
  }
}
