package dev.mast3r.store;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.mast3r.error.ModelException;
import java.util.regex.Pattern;

/**
 * What a model's folder says of the model ({@code manifest.json}).
 *
 * @param name the folder's name and the store's name of the model
 * @param licence under which the weights may be used, as an SPDX identifier where there is one
 * @param origin where the weights came from: an address, or what made them
 * @param sha256 of {@code model.safetensors}, 64 hexadecimal digits, lower case
 * @param precision of the stored weights: fp32, fp16 or bf16
 * @param metric whether points and translations are in metres
 * @param longSidePx the long side that images are resized to by default ({@code size})
 * @param minConfidence matches below are dropped by default ({@code min_confidence})
 */
public record ModelManifest(
    String name,
    String licence,
    String origin,
    String sha256,
    String precision,
    boolean metric,
    int longSidePx,
    double minConfidence) {

  /** The manifest's name in a model's folder. */
  public static final String FILE_NAME = "manifest.json";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern PRECISION = Pattern.compile("fp32|fp16|bf16");

  /**
   * @throws ModelException naming the key that is wrong
   */
  public ModelManifest {
    check(isName(name), "name", "letters, digits, '.', '_' and '-'", name);
    check(SHA256.matcher(sha256).matches(), "sha256", "64 hexadecimal digits", sha256);
    check(PRECISION.matcher(precision).matches(), "precision", "fp32, fp16 or bf16", precision);
    check(longSidePx > 0, "size", "a positive number of pixels", longSidePx);
    check(
        minConfidence >= 0 && Double.isFinite(minConfidence),
        "min_confidence",
        "a finite number that is not negative",
        minConfidence);
  }

  /** Returns whether a text can name a model: it is then a plain folder name on every system. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches() && !text.endsWith(".");
  }

  private static void check(boolean right, String key, String expected, Object found) {
    if (!right) {
      throw new ModelException(key + ": expected " + expected + ", found '" + found + "'");
    }
  }

  /**
   * Parses a manifest.
   *
   * @throws ModelException if it is no JSON, or naming the key that is missing or wrong
   */
  public static ModelManifest parse(String json) {
    JsonObject object;
    try {
      object = JsonParser.parseString(json).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new ModelException("not a JSON object", e);
    }
    return new ModelManifest(
        text(object, "name"),
        text(object, "licence"),
        text(object, "origin"),
        text(object, "sha256"),
        text(object, "precision"),
        value(object, "metric", "true or false", JsonPrimitive::isBoolean).getAsBoolean(),
        value(object, "size", "a number", ModelManifest::isInteger).getAsInt(),
        value(object, "min_confidence", "a number", JsonPrimitive::isNumber).getAsDouble());
  }

  private static String text(JsonObject object, String key) {
    return value(object, key, "a text", JsonPrimitive::isString).getAsString();
  }

  private static boolean isInteger(JsonPrimitive value) {
    return value.isNumber() && value.getAsString().matches("[0-9]{1,6}");
  }

  private interface Kind {
    boolean matches(JsonPrimitive value);
  }

  private static JsonPrimitive value(JsonObject object, String key, String expected, Kind kind) {
    JsonElement value = object.get(key);
    if (value instanceof JsonPrimitive primitive && kind.matches(primitive)) {
      return primitive;
    }
    throw new ModelException(
        key + ": expected " + expected + ", found " + (value == null ? "nothing" : value));
  }

  /** Returns the text that {@link #parse} reads. */
  public String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("licence", licence);
    json.addProperty("origin", origin);
    json.addProperty("sha256", sha256);
    json.addProperty("precision", precision);
    json.addProperty("metric", metric);
    json.addProperty("size", longSidePx);
    json.addProperty("min_confidence", minConfidence);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json) + "\n";
  }
}
