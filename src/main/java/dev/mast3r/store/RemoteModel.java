package dev.mast3r.store;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.mast3r.weights.WeightFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model that can be downloaded.
 *
 * @param name that it gets in the store
 * @param licence under which the weights may be used
 * @param terms what a user has to agree to, in words; empty: nothing is known
 * @param metric whether points are in metres
 * @param files the weights first, then what must lie beside them
 */
public record RemoteModel(
    String name, String licence, Optional<String> terms, boolean metric, List<RemoteFile> files) {

  private static final String KNOWN = "known-models.json";

  public RemoteModel {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a model has at least one file");
    }
  }

  /** Returns the published models of the method's authors, who keep hashes to themselves. */
  public static List<RemoteModel> known() {
    try (InputStream in = RemoteModel.class.getResourceAsStream(KNOWN)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + KNOWN + " is missing");
      }
      JsonArray models =
          JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .getAsJsonArray();
      List<RemoteModel> known = new ArrayList<>();
      for (JsonElement model : models) {
        known.add(parse(model.getAsJsonObject()));
      }
      return known;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RemoteModel parse(JsonObject model) {
    URI folder = URI.create(model.get("folder").getAsString());
    return new RemoteModel(
        model.get("name").getAsString(),
        model.get("licence").getAsString(),
        Optional.of(model.get("terms").getAsString()),
        model.get("metric").getAsBoolean(),
        List.of(
            unchecked(folder.resolve(WeightFile.WEIGHTS_NAME)),
            unchecked(folder.resolve(WeightFile.CONFIG_NAME))));
  }

  private static RemoteFile unchecked(URI uri) {
    return new RemoteFile(uri, OptionalLong.empty(), Optional.empty());
  }

  /**
   * Returns a model of one file, as an official {@code .pth}, named as the file is. If that is the
   * name of a published model, its licence and terms are the file's too.
   */
  public static RemoteModel of(RemoteFile file) {
    String name = ModelStore.nameOf(Path.of(file.fileName()));
    Optional<RemoteModel> published =
        known().stream().filter(model -> model.name().equals(name)).findFirst();
    return new RemoteModel(
        name,
        published.map(RemoteModel::licence).orElse("unknown"),
        published.flatMap(RemoteModel::terms),
        ModelStore.isMetricName(name),
        List.of(file));
  }
}
