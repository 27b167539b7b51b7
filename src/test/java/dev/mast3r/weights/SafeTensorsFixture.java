package dev.mast3r.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Builds safetensors files for tests, sound ones and, from a header by hand, damaged ones. */
final class SafeTensorsFixture {

  private final StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  SafeTensorsFixture alias(String removed, String kept) {
    header.insert(header.indexOf("\"format\""), "\"" + removed + "\":\"" + kept + "\",");
    return this;
  }

  SafeTensorsFixture floats(String name, long[] shape, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return tensor(name, "F32", shape, bytes.array());
  }

  SafeTensorsFixture shorts(String name, String dtype, long[] shape, int... bits) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : bits) {
      bytes.putShort((short) value);
    }
    return tensor(name, dtype, shape, bytes.array());
  }

  SafeTensorsFixture tensor(String name, String dtype, long[] shape, byte[] bytes) {
    int begin = data.size();
    data.writeBytes(bytes);
    header.append(
        ",\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
            .formatted(
                name,
                dtype,
                Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(",")),
                begin,
                data.size()));
    return this;
  }

  Path write(Path file) {
    return write(file, header + "}", data.toByteArray());
  }

  static Path write(Path file, String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text).put(data);
    try {
      return Files.write(file, bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
