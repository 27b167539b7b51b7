package dev.mast3r.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import dev.mast3r.error.ModelException;
import dev.mast3r.weights.ModelConfig.ConfidenceMode;
import dev.mast3r.weights.ModelConfig.Curve;
import dev.mast3r.weights.ModelConfig.DepthMode;
import dev.mast3r.weights.ModelConfig.PointsHead;
import dev.mast3r.weights.ModelConfig.TransformerSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Constructor arguments as JSON ({@code config.json}) to a {@link ModelConfig}. A missing key has
 * the official class's default; the tokens {@code Infinity} and {@code -Infinity}, which are no
 * JSON, are understood. Keys that are no arguments of the network are ignored.
 */
final class ModelConfigJson {

  private static final Pattern ROPE = Pattern.compile("RoPE(\\d{1,9}(?:\\.\\d{1,9})?)");
  private static final Pattern OUTPUT = Pattern.compile("pts3d(?:\\+desc(\\d{1,5}))?");
  private static final List<String> PATCH_EMBEDDINGS =
      List.of("PatchEmbedDust3R", "ManyAR_PatchEmbed");
  static final String WITH_DESCRIPTORS = "catmlp+";

  private final JsonObject arguments;

  private ModelConfigJson(JsonObject arguments) {
    this.arguments = arguments;
  }

  /**
   * Parses the text of a {@code config.json}.
   *
   * @throws ModelException naming the key that is wrong
   */
  static ModelConfig parse(String text) {
    List<JsonElement> document = new ArrayList<>();
    StrictJson.read(
        text,
        "configuration",
        Strictness.LENIENT,
        json -> document.add(JsonParser.parseReader(json)));
    if (!document.get(0).isJsonObject()) {
      throw new ModelException("configuration: expected an object of constructor arguments");
    }
    return read(document.get(0).getAsJsonObject());
  }

  /** Reads checked arguments out of parsed ones. */
  static ModelConfig read(JsonObject arguments) {
    return new ModelConfigJson(arguments).read();
  }

  private ModelConfig read() {
    String outputMode = text("output_mode", "pts3d");
    Matcher output = OUTPUT.matcher(outputMode);
    if (!output.matches()) {
      throw wrong("output_mode", "pts3d or pts3d+desc<channels>", outputMode);
    }
    int descriptors = output.group(1) == null ? 0 : Integer.parseInt(output.group(1));

    String headType = text("head_type", "linear");
    String pointsHead =
        headType.startsWith(WITH_DESCRIPTORS)
            ? headType.substring(WITH_DESCRIPTORS.length())
            : headType;
    if (headType.startsWith(WITH_DESCRIPTORS) != (descriptors > 0)) {
      throw new ModelException(
          "head_type "
              + Quoted.of(headType)
              + " does not go with output_mode "
              + Quoted.of(outputMode));
    }
    String position = text("pos_embed", "cosine");
    Matcher rope = ROPE.matcher(position);
    if (!rope.matches()) {
      throw wrong("pos_embed", "RoPE<base>", position);
    }
    String patches = text("patch_embed_cls", "PatchEmbedDust3R");
    if (!PATCH_EMBEDDINGS.contains(patches)) {
      throw wrong("patch_embed_cls", String.join(" or ", PATCH_EMBEDDINGS), patches);
    }
    if (descriptors > 0 && !text("desc_mode", "norm").equals("norm")) {
      throw wrong("desc_mode", "norm", text("desc_mode", "norm"));
    }
    if (!flag("norm_im2_in_dec", true)) {
      throw wrong("norm_im2_in_dec", "true", "false");
    }
    ConfidenceMode pointConfidence = confidence("conf_mode", defaultConfidence());
    int[] size = imageSize();
    return new ModelConfig(
        integer("patch_size", 16),
        size[0],
        size[1],
        Double.parseDouble(rope.group(1)),
        new TransformerSize(
            integer("enc_embed_dim", 768), integer("enc_depth", 12), integer("enc_num_heads", 12)),
        new TransformerSize(
            integer("dec_embed_dim", 512), integer("dec_depth", 8), integer("dec_num_heads", 16)),
        constant("head_type", PointsHead.class, pointsHead),
        descriptors,
        depthMode(),
        pointConfidence,
        confidence("desc_conf_mode", pointConfidence),
        descriptors > 0 && flag("two_confs", false));
  }

  private static ConfidenceMode defaultConfidence() {
    return new ConfidenceMode(Curve.EXP, 1, Double.POSITIVE_INFINITY);
  }

  private DepthMode depthMode() {
    JsonArray mode = triple("depth_mode");
    if (mode.isEmpty()) {
      return DepthMode.EXP;
    }
    if (number("depth_mode", mode.get(1)) != Double.NEGATIVE_INFINITY
        || number("depth_mode", mode.get(2)) != Double.POSITIVE_INFINITY) {
      throw wrong("depth_mode", "infinite bounds", mode.toString());
    }
    return constant("depth_mode", DepthMode.class, mode.get(0).getAsString());
  }

  private ConfidenceMode confidence(String key, ConfidenceMode whenAbsent) {
    JsonArray mode = triple(key);
    if (mode.isEmpty()) {
      return whenAbsent;
    }
    return new ConfidenceMode(
        constant(key, Curve.class, mode.get(0).getAsString()),
        number(key, mode.get(1)),
        number(key, mode.get(2)));
  }

  /** Returns [name, min, max], or an empty array if the key is absent. */
  private JsonArray triple(String key) {
    JsonElement value = argument(key);
    if (value.isJsonNull()) {
      return new JsonArray();
    }
    if (!value.isJsonArray()
        || value.getAsJsonArray().size() != 3
        || !isText(value.getAsJsonArray().get(0))) {
      throw wrong(key, "a mode and its two bounds", value.toString());
    }
    return value.getAsJsonArray();
  }

  private int[] imageSize() {
    JsonElement value = argument("img_size");
    if (value.isJsonNull()) {
      return new int[] {224, 224};
    }
    if (!value.isJsonArray()) {
      int side = integer("img_size", value);
      return new int[] {side, side};
    }
    JsonArray pair = value.getAsJsonArray();
    if (pair.size() != 2) {
      throw wrong("img_size", "width and height", value.toString());
    }
    return new int[] {integer("img_size", pair.get(0)), integer("img_size", pair.get(1))};
  }

  private JsonElement argument(String key) {
    JsonElement value = arguments.get(key);
    return value == null ? JsonNull.INSTANCE : value;
  }

  private String text(String key, String whenAbsent) {
    JsonElement value = argument(key);
    if (value.isJsonNull()) {
      return whenAbsent;
    }
    if (!isText(value)) {
      throw wrong(key, "a text", value.toString());
    }
    return value.getAsString();
  }

  private boolean flag(String key, boolean whenAbsent) {
    JsonElement value = argument(key);
    if (value.isJsonNull()) {
      return whenAbsent;
    }
    if (!(value instanceof JsonPrimitive primitive && primitive.isBoolean())) {
      throw wrong(key, "true or false", value.toString());
    }
    return value.getAsBoolean();
  }

  private int integer(String key, int whenAbsent) {
    JsonElement value = argument(key);
    return value.isJsonNull() ? whenAbsent : integer(key, value);
  }

  private static int integer(String key, JsonElement value) {
    double number = number(key, value);
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw wrong(key, "an integer", value.toString());
    }
    return (int) number;
  }

  private static double number(String key, JsonElement value) {
    if (value instanceof JsonPrimitive primitive) {
      // the unquoted tokens come out of the parser as texts
      if (primitive.isString() && primitive.getAsString().equals("Infinity")) {
        return Double.POSITIVE_INFINITY;
      }
      if (primitive.isString() && primitive.getAsString().equals("-Infinity")) {
        return Double.NEGATIVE_INFINITY;
      }
      if (primitive.isNumber()) {
        return primitive.getAsDouble();
      }
    }
    throw wrong(key, "a number", value.toString());
  }

  private static boolean isText(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isString();
  }

  private static <E extends Enum<E>> E constant(String key, Class<E> type, String name) {
    List<String> expected = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      if (key(constant).equals(name)) {
        return constant;
      }
      expected.add(key(constant));
    }
    throw wrong(key, String.join(" or ", expected), name);
  }

  static String key(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static ModelException wrong(String key, String expected, String found) {
    return new ModelException(key + ": expected " + expected + ", found " + Quoted.of(found));
  }
}
