package dev.mast3r.model;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.mast3r.weights.WeightFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A golden model written anew: other number formats, other places in the file, fewer tensors. */
final class RewrittenModel {

  private final WeightFile source;
  private final JsonObject config;

  RewrittenModel(WeightFile source) {
    this.source = source;
    config = JsonParser.parseString(source.config().toJson()).getAsJsonObject();
  }

  /** Takes the descriptors out of a model, as DUSt3R's are. */
  RewrittenModel withoutDescriptors() {
    config.addProperty("output_mode", "pts3d");
    config.addProperty("head_type", source.config().pointsHead().key());
    return this;
  }

  /** Writes fp32 values, cut to the upper half of their bits, behind a header of odd length. */
  WeightFile cutFp32(Path folder) {
    return write(folder, "F32", 1);
  }

  /** Writes the same values as bf16. */
  WeightFile bf16(Path folder) {
    return write(folder, "BF16", 0);
  }

  private WeightFile write(Path folder, String dtype, int headerRemainder) {
    JsonObject header = new JsonObject();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    boolean descriptors = config.get("output_mode").getAsString().contains("desc");
    for (Map.Entry<String, float[]> tensor :
        source.tensors().keySet().stream()
            .filter(name -> descriptors || !name.contains("head_local_features"))
            .map(name -> Map.entry(name, floats(name)))
            .toList()) {
      int begin = data.size();
      for (float value : tensor.getValue()) {
        int upper = Float.floatToRawIntBits(value) >>> 16;
        if (dtype.equals("F32")) {
          data.write(0);
          data.write(0);
        }
        data.write(upper);
        data.write(upper >>> 8);
      }
      String entry =
          "{\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
              .formatted(
                  dtype, source.tensors().get(tensor.getKey()).info().shape(), begin, data.size());
      header.add(tensor.getKey(), JsonParser.parseString(entry));
    }
    String text = header.toString();
    text += " ".repeat(Math.floorMod(headerRemainder - text.length(), 8));
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), config.toString());
      ByteBuffer file =
          ByteBuffer.allocate(8 + text.length() + data.size()).order(ByteOrder.LITTLE_ENDIAN);
      file.putLong(text.length()).put(text.getBytes(StandardCharsets.UTF_8));
      Files.write(folder.resolve("model.safetensors"), file.put(data.toByteArray()).array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return WeightFile.open(folder);
  }

  private float[] floats(String name) {
    ByteBuffer data = source.tensors().get(name).data();
    float[] values = new float[data.remaining() / Float.BYTES];
    data.asFloatBuffer().get(values);
    return values;
  }
}
