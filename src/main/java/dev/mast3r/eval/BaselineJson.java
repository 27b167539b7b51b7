package dev.mast3r.eval;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.mast3r.error.InputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A baseline as a small JSON file that people read and edit.
 *
 * <pre>
 * {
 *   "benchmark": "pairs",
 *   "items": 12,
 *   "made_with": {"model": "..."},
 *   "figures": {
 *     "auc20": {"value": 61.2, "slack": 5},
 *     "median_match_error_px": {"value": 1.9, "slack": "10%"}
 *   }
 * }
 * </pre>
 *
 * {@code slack} is in the figure's unit, or a percentage of the value; a {@code value} of null is
 * infinite.
 */
public final class BaselineJson {

  private BaselineJson() {}

  /**
   * Parses a baseline.
   *
   * @param source what messages call the file
   * @throws InputException naming the key that is missing or wrong
   */
  public static Baseline parse(String json, String source) {
    JsonObject root;
    try {
      root = JsonParser.parseString(json).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new InputException(source + ": expected a JSON object", e);
    }
    String benchmark = take(root, "benchmark", source, "a text", BaselineJson::text);
    int items = take(root, "items", source, "a whole number", BaselineJson::count);
    Map<String, String> madeWith = new LinkedHashMap<>();
    JsonObject made = take(root, "made_with", source, "an object", BaselineJson::object);
    for (String key : made.keySet()) {
      madeWith.put(key, take(made, key, source, "a text", BaselineJson::text));
    }
    Map<String, Baseline.Entry> entries = new LinkedHashMap<>();
    JsonObject figures = take(root, "figures", source, "an object", BaselineJson::object);
    for (String name : figures.keySet()) {
      String where = source + ": " + name;
      JsonObject figure = take(figures, name, source, "an object", BaselineJson::object);
      double value = take(figure, "value", where, "a number or null", BaselineJson::value);
      Slack slack =
          take(figure, "slack", where, "a number or a text like \"10%\"", BaselineJson::slack);
      entries.put(name, new Baseline.Entry(value, slack));
    }
    return new Baseline(benchmark, items, madeWith, entries);
  }

  /** Returns the text that {@link #parse} reads. */
  public static String of(Baseline baseline) {
    JsonObject root = new JsonObject();
    root.addProperty("benchmark", baseline.benchmark());
    root.addProperty("items", baseline.items());
    JsonObject made = new JsonObject();
    baseline.madeWith().forEach(made::addProperty);
    root.add("made_with", made);
    JsonObject figures = new JsonObject();
    baseline
        .entries()
        .forEach(
            (name, entry) -> {
              JsonObject figure = new JsonObject();
              figure.add("value", numberOrNull(entry.value()));
              figure.add("slack", ofSlack(entry.slack()));
              figures.add(name, figure);
            });
    root.add("figures", figures);
    return new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create()
            .toJson(root)
        + "\n";
  }

  private static JsonElement numberOrNull(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  private static JsonPrimitive ofSlack(Slack slack) {
    return slack.relative() ? new JsonPrimitive(slack.text()) : new JsonPrimitive(slack.amount());
  }

  private static <T> T take(
      JsonObject object,
      String key,
      String source,
      String expected,
      Function<JsonElement, Optional<T>> reader) {
    Optional<JsonElement> found = Optional.ofNullable(object.get(key));
    return found
        .flatMap(reader)
        .orElseThrow(
            () ->
                new InputException(
                    source
                        + ": "
                        + key
                        + ": expected "
                        + expected
                        + ", found "
                        + found.map(JsonElement::toString).orElse("nothing")));
  }

  private static Optional<JsonObject> object(JsonElement element) {
    return element.isJsonObject() ? Optional.of(element.getAsJsonObject()) : Optional.empty();
  }

  private static Optional<JsonPrimitive> primitive(JsonElement element) {
    return element.isJsonPrimitive() ? Optional.of(element.getAsJsonPrimitive()) : Optional.empty();
  }

  private static Optional<String> text(JsonElement element) {
    return primitive(element).filter(JsonPrimitive::isString).map(JsonPrimitive::getAsString);
  }

  private static Optional<Integer> count(JsonElement element) {
    return primitive(element)
        .filter(number -> number.isNumber() && number.getAsString().matches("[0-9]{1,9}"))
        .map(JsonPrimitive::getAsInt);
  }

  private static Optional<Double> value(JsonElement element) {
    return element.isJsonNull()
        ? Optional.of(Double.POSITIVE_INFINITY)
        : primitive(element).filter(JsonPrimitive::isNumber).map(JsonPrimitive::getAsDouble);
  }

  private static Optional<Slack> slack(JsonElement element) {
    return primitive(element)
        .filter(number -> number.isNumber() || number.isString())
        .flatMap(
            number -> {
              try {
                return Optional.of(Slack.parse(number.getAsString()));
              } catch (IllegalArgumentException e) {
                return Optional.empty();
              }
            });
  }
}
