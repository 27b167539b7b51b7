package dev.mast3r.weights;

import com.google.gson.stream.JsonReader;
import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a safetensors file: 8 bytes header length, a JSON header {@code {name: {dtype, shape,
 * data_offsets}}}, then the data, from whose start the offsets count. Integers are little-endian.
 *
 * <p>A tensor with several names is stored once; the header's {@code __metadata__} then has {@code
 * removed -> kept}, and it is returned under both names.
 *
 * <p>Messages do not name the file: {@link WeightFile} does.
 */
final class SafeTensors {

  /** No model needs more: the largest published header has 0.2 MB. */
  private static final int LONGEST_HEADER = 16 << 20;

  private static final String METADATA = "__metadata__";

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private record Entry(TensorInfo info, long begin, long end) {}

  private SafeTensors() {}

  /**
   * Returns all tensors by name, mapped.
   *
   * @throws ModelException if the header is damaged or a tensor does not lie in the file
   */
  static Map<String, TensorData> read(FileChannel channel) throws IOException {
    SafeTensors reader = new SafeTensors();
    long dataStart = reader.readHeader(channel);
    reader.checkOffsets(channel.size() - dataStart);
    return reader.map(channel, dataStart);
  }

  private long readHeader(FileChannel channel) throws IOException {
    long fileBytes = channel.size();
    long length =
        fileBytes < 8 ? -1 : readFully(channel, 0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LONGEST_HEADER || length > fileBytes - 8) {
      throw new ModelException(
          "not a safetensors file: no header of "
              + Long.toUnsignedString(length)
              + " bytes fits a file of "
              + fileBytes);
    }
    ByteBuffer header = readFully(channel, 8, Math.toIntExact(length));
    StrictJson.read(StandardCharsets.UTF_8.decode(header).toString(), "header", this::parse);
    return 8 + length;
  }

  private static ByteBuffer readFully(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new ModelException("ends within its header");
      }
    }
    return buffer.flip();
  }

  private void parse(JsonReader json) throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (name.equals(METADATA)) {
        parseMetadata(json);
      } else {
        entries.add(parseEntry(json, name));
      }
    }
    json.endObject();
  }

  private void parseMetadata(JsonReader json) throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      metadata.put(json.nextName(), json.nextString());
    }
    json.endObject();
  }

  private static Entry parseEntry(JsonReader json, String name) throws IOException {
    String dtype = "";
    List<Long> shape = null;
    List<Long> offsets = List.of();
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "dtype" -> dtype = json.nextString();
        case "shape" -> shape = parseIntegers(json);
        case "data_offsets" -> offsets = parseIntegers(json);
        default -> json.skipValue();
      }
    }
    json.endObject();
    if (dtype.isEmpty() || shape == null || offsets.size() != 2) {
      throw new ModelException(
          "tensor " + Quoted.of(name) + " needs a dtype, a shape and two data_offsets");
    }
    String found = dtype;
    ElementType type =
        ElementType.ofSafetensors(dtype)
            .orElseThrow(
                () ->
                    new ModelException(
                        "tensor "
                            + Quoted.of(name)
                            + " has the unknown dtype "
                            + Quoted.of(found)));
    return new Entry(new TensorInfo(name, type, shape), offsets.get(0), offsets.get(1));
  }

  private static List<Long> parseIntegers(JsonReader json) throws IOException {
    List<Long> values = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      values.add(json.nextLong());
    }
    json.endArray();
    return values;
  }

  private void checkOffsets(long dataBytes) {
    for (Entry entry : entries) {
      long begin = entry.begin();
      long end = entry.end();
      if (begin < 0 || end < begin || end > dataBytes) {
        throw new ModelException(
            describe(entry) + " lies outside of the " + dataBytes + " bytes of data");
      }
      if (end - begin != entry.info().byteCount()) {
        throw new ModelException(
            describe(entry) + " needs " + entry.info().byteCount() + " bytes by its shape");
      }
    }
    // where two begin together, the empty one comes first
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    for (int i = 1; i < entries.size(); i++) {
      if (entries.get(i).begin() < entries.get(i - 1).end()) {
        throw new ModelException(
            describe(entries.get(i)) + " overlaps " + describe(entries.get(i - 1)));
      }
    }
  }

  private static String describe(Entry entry) {
    return "tensor "
        + Quoted.of(entry.info().name())
        + " at "
        + entry.begin()
        + " to "
        + entry.end();
  }

  private Map<String, TensorData> map(FileChannel channel, long dataStart) throws IOException {
    List<ByteBuffer> buffers =
        MappedRegions.map(
            channel,
            entries.stream()
                .map(
                    entry ->
                        new MappedRegions.Region(
                            dataStart + entry.begin(), entry.info().byteCount()))
                .toList());
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      TensorInfo info = entries.get(i).info();
      long position = dataStart + entries.get(i).begin();
      if (tensors.put(info.name(), new TensorData(info, buffers.get(i), position)) != null) {
        throw new ModelException(
            "tensor " + Quoted.of(info.name()) + " stands twice in the header");
      }
    }
    Map<String, TensorData> aliases = new LinkedHashMap<>();
    for (Map.Entry<String, String> alias : metadata.entrySet()) {
      TensorData kept = tensors.get(alias.getValue());
      // other metadata, as "format": "pt", names no tensor
      if (kept != null && !tensors.containsKey(alias.getKey())) {
        aliases.put(alias.getKey(), kept.renamed(alias.getKey()));
      }
    }
    tensors.putAll(aliases);
    return tensors;
  }
}
