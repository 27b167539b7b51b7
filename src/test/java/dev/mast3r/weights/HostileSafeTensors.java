package dev.mast3r.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Damaged and forged variants of a sound safetensors file. */
final class HostileSafeTensors {

  private final byte[] sound;
  private final String header;

  HostileSafeTensors(Path sound) {
    try {
      this.sound = Files.readAllBytes(sound);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int length = (int) ByteBuffer.wrap(this.sound).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    this.header = new String(this.sound, 8, length, StandardCharsets.UTF_8);
  }

  List<byte[]> cutOff() {
    List<byte[]> files = new ArrayList<>();
    for (int length : new int[] {0, 1, 7, 8, 9, 10, 100, sound.length - 1, sound.length - 4}) {
      files.add(Arrays.copyOf(sound, length));
    }
    for (int part = 1; part < 32; part++) {
      files.add(Arrays.copyOf(sound, sound.length / 32 * part));
    }
    return files;
  }

  List<byte[]> forgedLengths() {
    List<byte[]> files = new ArrayList<>();
    for (long length :
        new long[] {
          0,
          1,
          2,
          -1,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          1L << 32,
          sound.length,
          sound.length - 8,
          header.length() - 1,
          header.length() + 1,
          header.length() + 8,
          header.length() / 2
        }) {
      byte[] forged = sound.clone();
      ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
      files.add(forged);
    }
    return files;
  }

  /** Headers whose tensors lie in each other, outside of the file, or have impossible shapes. */
  List<byte[]> forgedHeaders() {
    List<byte[]> files = new ArrayList<>();
    for (String offsets :
        List.of(
            "[0,0]",
            "[1,0]",
            "[-4,0]",
            "[0,1]",
            "[4,4]",
            "[0,9223372036854775807]",
            "[9223372036854775800,9223372036854775807]",
            "[-9223372036854775808,9223372036854775807]",
            "[0,18446744073709551615]",
            "[4294967296,4294967300]",
            "[0,1e400]",
            "[0.5,4.5]",
            "[\"0\",{}]",
            "[null,4]",
            "[0]",
            "[0,4,8]",
            "[]",
            "{}",
            "true")) {
      files.add(withFirst("\"data_offsets\":\\[[^\\]]*\\]", "\"data_offsets\":" + offsets));
    }
    for (String shape :
        List.of(
            "[-1]",
            "[9223372036854775807]",
            "[4294967296,4294967296]",
            "[2147483648,2]",
            "[1e400]",
            "[0.5]",
            "[NaN]",
            "null",
            "\"x\"",
            "[[[[1]]]]",
            "[0,9223372036854775807]")) {
      files.add(withFirst("\"shape\":\\[[^\\]]*\\]", "\"shape\":" + shape));
    }
    for (String type : List.of("F32 ", "f32", "F64", "I8", "", "U128", "PICKLE", "F16")) {
      files.add(withFirst("\"dtype\":\"[^\"]*\"", "\"dtype\":\"" + type + "\""));
    }
    // every tensor where the first one lies
    files.add(
        withHeader(header.replaceAll("\"data_offsets\":\\[[^\\]]*\\]", "\"data_offsets\":[0,4]")));
    files.add(withHeader(header.substring(0, header.length() / 2)));
    files.add(withHeader(header + header));
    files.add(withHeader(header.replaceFirst("\\{", "[").replaceFirst("\\}\\s*$", "]")));
    files.add(withHeader("[".repeat(200_000)));
    files.add(withHeader("{\"a\":".repeat(100_000)));
    files.add(withHeader("{\"a\":{\"b\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}}"));
    files.add(withHeader("{\"__metadata__\":{\"a\":\"b\",\"b\":\"a\"}}"));
    files.add(withHeader("{\"__metadata__\":[]}"));
    files.add(withHeader("{}"));
    files.add(withHeader("null"));
    files.add(withHeader("\u0000".repeat(64)));
    files.add(withHeader("{\"" + "x".repeat(1 << 20) + "\":1}"));
    return files;
  }

  private byte[] withFirst(String pattern, String replacement) {
    return withHeader(header.replaceFirst(pattern, replacement));
  }

  private byte[] withHeader(String forged) {
    byte[] text = forged.getBytes(StandardCharsets.UTF_8);
    int dataStart = 8 + header.getBytes(StandardCharsets.UTF_8).length;
    return ByteBuffer.allocate(8 + text.length + sound.length - dataStart)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(sound, dataStart, sound.length - dataStart)
        .array();
  }

  /** Configurations that the sound weights do not have. */
  static List<String> forgedConfigs(String sound) {
    List<String> configs = new ArrayList<>();
    for (String key :
        List.of("enc_depth", "dec_depth", "enc_embed_dim", "enc_num_heads", "dec_num_heads")) {
      for (String value :
          List.of("0", "-1", "3", "2147483647", "1e400", "0.5", "NaN", "Infinity", "\"x\"", "[]")) {
        configs.add(sound.replaceFirst("\"" + key + "\":\\s*[0-9]+", "\"" + key + "\": " + value));
      }
    }
    configs.addAll(
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{}",
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            sound + sound,
            sound.replace("RoPE", "cosine"),
            sound.replaceAll(
                "\"head_type\":\\s*\"[^\"]*\"", "\"head_type\": \"__import__('os')\"")));
    return configs;
  }
}
