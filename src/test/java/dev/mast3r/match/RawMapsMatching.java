package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Matches two raw descriptor maps as often as it is told to and says how long it took, for {@code
 * scripts/bench/nearest_neighbours.py}.
 *
 * <p>Arguments: a folder with {@code a.f32} and {@code b.f32} (little-endian floats, H x W x d),
 * the width and height of A, those of B, the dimension. Reads lines of {@code ours} or {@code all}
 * (a search that skips nothing), the subsampling and the threads; answers each with wall and
 * processor seconds, and writes the pixel indices to {@code matches.i32} in the folder.
 */
final class RawMapsMatching {

  private RawMapsMatching() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int dimension = Integer.parseInt(arguments[5]);
    DescriptorMap a = read(folder.resolve("a.f32"), arguments[1], arguments[2], dimension);
    DescriptorMap b = read(folder.resolve("b.f32"), arguments[3], arguments[4], dimension);
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", 3);
      int subsample = Integer.parseInt(words[1]);
      int threads = Integer.parseInt(words[2]);
      long processor = system.getProcessCpuTime();
      long start = System.nanoTime();
      PixelMatches matches =
          words[0].equals("all")
              ? ComparisonOfAll.match(a, b, subsample, threads, KernelChoice.AUTO)
              : new FastReciprocalMatcher(threads).match(a, b, subsample);
      double wallSeconds = (System.nanoTime() - start) * 1e-9;
      double processorSeconds = (system.getProcessCpuTime() - processor) * 1e-9;
      write(matches, folder.resolve("matches.i32"));
      System.out.printf(Locale.ROOT, "%.4f %.4f%n", wallSeconds, processorSeconds);
    }
  }

  private static DescriptorMap read(Path file, String width, String height, int dimension)
      throws IOException {
    FloatBuffer floats =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return new DescriptorMap(Integer.parseInt(width), Integer.parseInt(height), dimension, values);
  }

  private static void write(PixelMatches matches, Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 * matches.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < matches.size(); i++) {
      bytes.putInt(matches.indexA(i)).putInt(matches.indexB(i));
    }
    Files.write(file, bytes.array());
  }
}
