package dev.mast3r.weights;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.mast3r.weights.ModelConfig.ConfidenceMode;
import java.math.BigDecimal;

/**
 * Writes a {@link ModelConfig} as the constructor arguments of the official classes, keys sorted,
 * infinities as the tokens {@code Infinity} and {@code -Infinity}, as the official files have them.
 */
final class ModelConfigWriter {

  private ModelConfigWriter() {}

  static String write(ModelConfig config) {
    JsonObject json = new JsonObject();
    json.add("conf_mode", triple(config.pointConfidence()));
    json.addProperty("dec_depth", config.decoder().depth());
    json.addProperty("dec_embed_dim", config.decoder().width());
    json.addProperty("dec_num_heads", config.decoder().heads());
    json.add(
        "depth_mode",
        triple(config.depthMode().key(), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
    if (config.hasDescriptors()) {
      json.add("desc_conf_mode", triple(config.descriptorConfidence()));
      json.addProperty("desc_mode", "norm");
    }
    json.addProperty("enc_depth", config.encoder().depth());
    json.addProperty("enc_embed_dim", config.encoder().width());
    json.addProperty("enc_num_heads", config.encoder().heads());
    String prefix = config.hasDescriptors() ? ModelConfigJson.WITH_DESCRIPTORS : "";
    json.addProperty("head_type", prefix + config.pointsHead().key());
    JsonArray size = new JsonArray();
    size.add(config.nominalWidth());
    size.add(config.nominalHeight());
    json.add("img_size", size);
    json.addProperty("landscape_only", false);
    String suffix = config.hasDescriptors() ? "+desc" + config.descriptorDimension() : "";
    json.addProperty("output_mode", "pts3d" + suffix);
    json.addProperty("patch_embed_cls", "PatchEmbedDust3R");
    json.addProperty("patch_size", config.patchSize());
    String base = BigDecimal.valueOf(config.ropeBase()).stripTrailingZeros().toPlainString();
    json.addProperty("pos_embed", "RoPE" + base);
    if (config.hasDescriptors()) {
      json.addProperty("two_confs", config.twoConfidences());
    }
    return new GsonBuilder()
            .serializeSpecialFloatingPointValues()
            .disableHtmlEscaping()
            .setPrettyPrinting()
            .create()
            .toJson(json)
        + "\n";
  }

  private static JsonArray triple(ConfidenceMode mode) {
    return triple(mode.curve().key(), mode.min(), mode.max());
  }

  private static JsonArray triple(String mode, double min, double max) {
    JsonArray triple = new JsonArray();
    triple.add(mode);
    triple.add(min);
    triple.add(max);
    return triple;
  }
}
