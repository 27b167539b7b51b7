package dev.mast3r.weights;

import dev.mast3r.weights.ModelConfig.PointsHead;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names and shapes of the tensors of a configuration. Widths that no configuration names (of the
 * MLPs, of the DPT head) are taken from the tensor that shows them first; all others must agree.
 */
final class ExpectedTensors {

  private static final long[] DPT_KERNELS = {4, 2, 0, 3};

  private final ModelConfig config;
  private final Map<String, TensorData> stored;
  private final Map<String, List<Long>> read = new LinkedHashMap<>();
  private final Set<String> unread = new LinkedHashSet<>();

  private ExpectedTensors(ModelConfig config, Map<String, TensorData> stored) {
    this.config = config;
    this.stored = stored;
  }

  static ExpectedTensors of(ModelConfig config, Map<String, TensorData> stored) {
    ExpectedTensors expected = new ExpectedTensors(config, stored);
    expected.addTrunk();
    expected.addHead("downstream_head1");
    expected.addHead("downstream_head2");
    return expected;
  }

  /** Returns the shapes of the tensors that the network reads, by name. */
  Map<String, List<Long>> read() {
    return read;
  }

  /** Returns the names that official files have too, but that no result depends on. */
  Set<String> unread() {
    return unread;
  }

  /**
   * Returns the second name under which official files may hold a tensor, or the name itself:
   * {@code scratch.layer1_rn.weight} is {@code scratch.layer_rn.0.weight}.
   */
  static String alias(String name) {
    String alias = name;
    for (int k = 1; k <= 4; k++) {
      alias = alias.replace(".scratch.layer" + k + "_rn.", ".scratch.layer_rn." + (k - 1) + ".");
    }
    return alias;
  }

  private void addTrunk() {
    long encoder = config.encoder().width();
    long decoder = config.decoder().width();
    unread.add("mask_token");
    add("patch_embed.proj", encoder, 3, config.patchSize(), config.patchSize());
    for (int i = 0; i < config.encoder().depth(); i++) {
      String block = "enc_blocks." + i;
      addNorm(block + ".norm1", encoder);
      addSelfAttention(block, encoder);
      addNorm(block + ".norm2", encoder);
      addMlp(block + ".mlp", encoder, encoder);
    }
    addNorm("enc_norm", encoder);
    add("decoder_embed", decoder, encoder);
    for (String side : List.of("dec_blocks.", "dec_blocks2.")) {
      for (int i = 0; i < config.decoder().depth(); i++) {
        addDecoderBlock(side + i, decoder);
      }
    }
    addNorm("dec_norm", decoder);
  }

  private void addDecoderBlock(String block, long width) {
    for (String norm : List.of(".norm1", ".norm2", ".norm3", ".norm_y")) {
      addNorm(block + norm, width);
    }
    addSelfAttention(block, width);
    for (String layer : List.of("projq", "projk", "projv", "proj")) {
      add(block + ".cross_attn." + layer, width, width);
    }
    addMlp(block + ".mlp", width, width);
  }

  private void addSelfAttention(String block, long width) {
    add(block + ".attn.qkv", 3 * width, width);
    add(block + ".attn.proj", width, width);
  }

  private void addHead(String head) {
    long decoder = config.decoder().width();
    long patchPixels = (long) config.patchSize() * config.patchSize();
    if (config.pointsHead() == PointsHead.DPT) {
      addDpt(head + ".dpt");
    } else {
      add(head + ".proj", 4 * patchPixels, decoder);
    }
    if (config.hasDescriptors()) {
      long channels = (long) config.descriptorDimension() + (config.twoConfidences() ? 1 : 0);
      addMlp(
          head + ".head_local_features",
          decoder + config.encoder().width(),
          channels * patchPixels);
    }
  }

  private void addDpt(String head) {
    String scratch = head + ".scratch.";
    long features = storedWidth(scratch + "layer1_rn.weight", 256);
    for (int k = 0; k < DPT_KERNELS.length; k++) {
      String layer = head + ".act_postprocess." + k;
      long width = storedWidth(layer + ".0.weight", 96L << k);
      add(layer + ".0", width, k == 0 ? config.encoder().width() : config.decoder().width(), 1, 1);
      if (DPT_KERNELS[k] > 0) {
        add(layer + ".1", width, width, DPT_KERNELS[k], DPT_KERNELS[k]);
      }
      String reassembled = scratch + "layer" + (k + 1) + "_rn.weight";
      read.put(reassembled, List.of(features, width, 3L, 3L));
      unread.add(alias(reassembled));
    }
    for (int k = 1; k <= DPT_KERNELS.length; k++) {
      String fusion = scratch + "refinenet" + k;
      for (String conv : List.of(".conv1", ".conv2")) {
        if (k < DPT_KERNELS.length) {
          add(fusion + ".resConfUnit1" + conv, features, features, 3, 3);
        } else {
          // the coarsest fusion has one input, so its first unit has nothing to work on
          unread.add(fusion + ".resConfUnit1" + conv + ".weight");
          unread.add(fusion + ".resConfUnit1" + conv + ".bias");
        }
        add(fusion + ".resConfUnit2" + conv, features, features, 3, 3);
      }
      add(fusion + ".out_conv", features, features, 1, 1);
    }
    long last = storedWidth(head + ".head.0.weight", features / 2);
    add(head + ".head.0", last, features, 3, 3);
    add(head + ".head.2", last, last, 3, 3);
    add(head + ".head.4", 4, last, 1, 1);
  }

  private void addMlp(String mlp, long inputs, long outputs) {
    long hidden = storedWidth(mlp + ".fc1.weight", 4 * inputs);
    add(mlp + ".fc1", hidden, inputs);
    add(mlp + ".fc2", outputs, hidden);
  }

  private void addNorm(String norm, long width) {
    read.put(norm + ".weight", List.of(width));
    read.put(norm + ".bias", List.of(width));
  }

  private void add(String layer, long... shape) {
    read.put(layer + ".weight", Arrays.stream(shape).boxed().toList());
    read.put(layer + ".bias", List.of(shape[0]));
  }

  /** Returns the first size of a stored tensor, or the official one if there is no such tensor. */
  private long storedWidth(String name, long official) {
    TensorData tensor = stored.getOrDefault(name, stored.get(alias(name)));
    if (tensor == null || tensor.info().shape().isEmpty()) {
      return official;
    }
    return tensor.info().shape().get(0);
  }
}
