package dev.mast3r.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Reads golden arrays as numpy's {@code savez} writes them: a zip of {@code .npy} files, of which
 * little-endian float32 and uint8 in row-major order are understood.
 */
public final class GoldenArrays {

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '(<f4|\\|u1)', 'fortran_order': False, 'shape': \\(([^)]*)\\).*");

  private record Entry(String type, List<Integer> shape, ByteBuffer data) {}

  private final Map<String, Entry> entries = new HashMap<>();

  public GoldenArrays(Path npz) {
    try (InputStream in = Files.newInputStream(npz);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName().replace(".npy", ""), parse(zip.readAllBytes()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry parse(byte[] npy) {
    ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = bytes.getShort(8);
    String text = new String(npy, 10, headerLength, StandardCharsets.US_ASCII);
    Matcher header = HEADER.matcher(text.strip());
    if (!header.matches()) {
      throw new IllegalArgumentException("no golden array: " + text);
    }
    List<Integer> shape =
        Arrays.stream(header.group(2).split(","))
            .map(String::strip)
            .filter(size -> !size.isEmpty())
            .map(Integer::valueOf)
            .toList();
    return new Entry(
        header.group(1), shape, bytes.position(10 + headerLength).slice().order(bytes.order()));
  }

  private Entry entry(String name, String type) {
    Entry entry = entries.get(name);
    if (entry == null || !entry.type().equals(type)) {
      throw new IllegalArgumentException(
          "no " + type + " array " + name + " in " + entries.keySet());
    }
    return entry;
  }

  public List<Integer> shape(String name) {
    return entries.get(name).shape();
  }

  public float[] floats(String name) {
    Entry entry = entry(name, "<f4");
    float[] values = new float[entry.data().remaining() / Float.BYTES];
    entry.data().asFloatBuffer().get(values);
    return values;
  }

  public byte[] bytes(String name) {
    Entry entry = entry(name, "|u1");
    byte[] values = new byte[entry.data().remaining()];
    entry.data().duplicate().get(values);
    return values;
  }
}
