package dev.mast3r.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the tensors of a weight file as safetensors, a block at a time: memory does not grow with
 * the model. A tensor of several names is written once, under the first of them in the alphabet;
 * the others stand in the header's metadata, as in official files.
 */
public final class SafeTensorsWriter {

  /** The header's length is a multiple of this, so that the data is aligned for every format. */
  private static final int ALIGNMENT = 8;

  private record Place(long position, ElementType type, List<Long> shape) {}

  private final ElementType type;
  private final Map<String, TensorData> kept = new TreeMap<>();
  private final JsonObject header = new JsonObject();

  private SafeTensorsWriter(ElementType type) {
    this.type = type;
  }

  /**
   * Writes all weights of a file; tensors in formats that the network cannot take are left out.
   *
   * @param out is left open
   * @throws ModelException if a value is too large for the precision, or if tensors overlap, so
   *     that more data would be written than there is
   */
  public static void write(WeightFile source, StoredPrecision precision, OutputStream out)
      throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter(precision.type());
    writer.collect(source.tensors());
    writer.checkDisjoint();
    writer.writeHeader(out);
    TensorEncoder encoder = new TensorEncoder(precision);
    for (TensorData tensor : writer.kept.values()) {
      encoder.write(tensor, out);
    }
  }

  private void collect(Map<String, TensorData> tensors) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("format", "pt");
    Map<Place, String> firstNames = new HashMap<>();
    new TreeMap<>(tensors)
        .forEach(
            (name, tensor) -> {
              TensorInfo info = tensor.info();
              if (info.type().isWeight()) {
                Place place = new Place(tensor.position(), info.type(), info.shape());
                String first = firstNames.putIfAbsent(place, name);
                if (first == null) {
                  kept.put(name, tensor);
                } else {
                  metadata.addProperty(name, first);
                }
              }
            });
    header.add("__metadata__", metadata);
  }

  private void checkDisjoint() {
    List<TensorData> byPosition = new ArrayList<>(kept.values());
    byPosition.sort(
        Comparator.comparingLong(TensorData::position)
            .thenComparing(tensor -> tensor.info().byteCount()));
    for (int i = 1; i < byPosition.size(); i++) {
      TensorData one = byPosition.get(i - 1);
      TensorData other = byPosition.get(i);
      if (other.position() < one.position() + one.info().byteCount()) {
        throw new ModelException(
            "tensors "
                + Quoted.of(one.info().name())
                + " and "
                + Quoted.of(other.info().name())
                + " overlap");
      }
    }
  }

  private void writeHeader(OutputStream out) throws IOException {
    long offset = 0;
    for (Map.Entry<String, TensorData> entry : kept.entrySet()) {
      TensorInfo info = entry.getValue().info();
      long end = offset + info.elements() * type.bytes();
      JsonObject tensor = new JsonObject();
      tensor.addProperty("dtype", type.safetensorsName());
      tensor.add("shape", array(info.shape()));
      tensor.add("data_offsets", array(List.of(offset, end)));
      header.add(entry.getKey(), tensor);
      offset = end;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-text.length, ALIGNMENT);
    out.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong((long) text.length + padding)
            .array());
    out.write(text);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.UTF_8));
  }

  private static JsonArray array(List<Long> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }
}
