package dev.mast3r.weights;

import java.util.List;
import java.util.Map;

/**
 * The floating point operations of the network's matrix products, convolutions and attentions, a
 * multiply-add being two. Counted by the layers as they are defined; norms, activations and
 * resampling are left out.
 */
public final class NetworkFlops {

  private final ModelConfig config;
  private final Map<String, List<Long>> shapes;

  private NetworkFlops(ModelConfig config, Map<String, List<Long>> shapes) {
    this.config = config;
    this.shapes = shapes;
  }

  /** Counts for the layers' widths as they are in a file. */
  public static NetworkFlops of(WeightFile file) {
    return new NetworkFlops(
        file.config(), ExpectedTensors.of(file.config(), file.tensors()).read());
  }

  /** Counts for the official widths where the configuration does not tell them. */
  public static NetworkFlops of(ModelConfig config) {
    return new NetworkFlops(config, ExpectedTensors.of(config, Map.of()).read());
  }

  /** Returns the operations of the encoder for an image of a size in network pixels. */
  public long encoder(int width, int height) {
    long tokens = tokens(width, height);
    return products("patch_embed.", tokens)
        + products("enc_blocks.", tokens)
        + config.encoder().depth() * attention(tokens, tokens, config.encoder().width());
  }

  /** Returns the operations of both decoders for a pair of sizes in network pixels. */
  public long decoders(int widthA, int heightA, int widthB, int heightB) {
    long a = tokens(widthA, heightA);
    long b = tokens(widthB, heightB);
    return products("decoder_embed.", a + b)
        + decoder("dec_blocks.", a, b)
        + decoder("dec_blocks2.", b, a);
  }

  private long decoder(String blocks, long tokens, long others) {
    long width = config.decoder().width();
    long sum =
        config.decoder().depth()
            * (attention(tokens, tokens, width) + attention(tokens, others, width));
    for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
      String name = tensor.getKey();
      if (name.startsWith(blocks) && isProduct(tensor.getValue())) {
        boolean ofOthers = name.contains(".projk.") || name.contains(".projv.");
        sum += product(tensor.getValue(), ofOthers ? others : tokens);
      }
    }
    return sum;
  }

  /** Returns the operations of both heads for a pair of sizes in network pixels. */
  public long heads(int widthA, int heightA, int widthB, int heightB) {
    return head("downstream_head1.", widthA, heightA) + head("downstream_head2.", widthB, heightB);
  }

  private long head(String head, int width, int height) {
    long tokens = tokens(width, height);
    return products(head + "proj.", tokens)
        + products(head + "head_local_features.", tokens)
        + dpt(head + "dpt.", width, height);
  }

  /** The maps have 4, 2, 1 and 1/2 cells a token and axis, from the finest to the coarsest. */
  private long dpt(String head, int width, int height) {
    long tokens = tokens(width, height);
    long rows = height / config.patchSize();
    long columns = width / config.patchSize();
    long coarsest = (rows + 1) / 2 * ((columns + 1) / 2);
    long[] cells = {16 * tokens, 4 * tokens, tokens, coarsest};
    long sum = products(head + "act_postprocess.3.1.", coarsest);
    for (int k = 0; k < cells.length; k++) {
      String stage = head + "act_postprocess." + k;
      String fusion = head + "scratch.refinenet" + (k + 1);
      sum += products(stage + ".0.", tokens);
      if (k < 2) {
        // a transposed convolution whose kernels do not overlap: one product a token
        sum += products(stage + ".1.", tokens);
      }
      sum += products(head + "scratch.layer" + (k + 1) + "_rn.", cells[k]);
      sum += products(fusion + ".resConfUnit", cells[k]);
      sum += products(fusion + ".out_conv.", k == 0 ? 4 * cells[0] : cells[k - 1]);
    }
    long pixels = (long) width * height;
    return sum
        + products(head + "head.0.", 4 * cells[0])
        + products(head + "head.2.", pixels)
        + products(head + "head.4.", pixels);
  }

  private long tokens(int width, int height) {
    long patch = config.patchSize();
    return width / patch * (height / patch);
  }

  /** Sums the layers whose names begin so, each applied to as many places. */
  private long products(String prefix, long places) {
    long sum = 0;
    for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
      if (tensor.getKey().startsWith(prefix) && isProduct(tensor.getValue())) {
        sum += product(tensor.getValue(), places);
      }
    }
    return sum;
  }

  /** Biases and norms have one dimension. */
  private static boolean isProduct(List<Long> shape) {
    return shape.size() > 1;
  }

  private static long product(List<Long> shape, long places) {
    long operations = 2 * places;
    for (long size : shape) {
      operations *= size;
    }
    return operations;
  }

  /** Similarities of all queries with all keys, and the weighted sums of the values. */
  private static long attention(long queries, long keys, long width) {
    return 4 * queries * keys * width;
  }
}
