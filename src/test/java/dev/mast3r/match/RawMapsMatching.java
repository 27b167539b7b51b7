package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Matches two raw descriptor maps again and again and tells how long each time took, for {@code
 * scripts/bench/nearest_neighbours.py}.
 *
 * <p>Arguments: a folder with {@code a.f32} and {@code b.f32} (little-endian floats, H x W x d),
 * their width, height and dimension, the subsampling, the threads, the runs. Prints a line of wall
 * and processor seconds a run, and writes {@code matches.csv} of pixel indices to the folder.
 */
final class RawMapsMatching {

  private RawMapsMatching() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int width = Integer.parseInt(arguments[1]);
    int height = Integer.parseInt(arguments[2]);
    int dimension = Integer.parseInt(arguments[3]);
    int subsample = Integer.parseInt(arguments[4]);
    DescriptorMap a = read(folder.resolve("a.f32"), width, height, dimension);
    DescriptorMap b = read(folder.resolve("b.f32"), width, height, dimension);
    ReciprocalMatcher matcher = new FastReciprocalMatcher(Integer.parseInt(arguments[5]));
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    StringBuilder csv = new StringBuilder();
    for (int run = 0; run < Integer.parseInt(arguments[6]); run++) {
      long processor = system.getProcessCpuTime();
      long start = System.nanoTime();
      PixelMatches matches = matcher.match(a, b, subsample);
      System.out.printf(
          Locale.ROOT,
          "%.4f %.4f%n",
          (System.nanoTime() - start) * 1e-9,
          (system.getProcessCpuTime() - processor) * 1e-9);
      csv.setLength(0);
      for (int i = 0; i < matches.size(); i++) {
        csv.append(matches.indexA(i)).append(',').append(matches.indexB(i)).append('\n');
      }
    }
    Files.writeString(folder.resolve("matches.csv"), csv);
  }

  private static DescriptorMap read(Path file, int width, int height, int dimension)
      throws IOException {
    FloatBuffer floats =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return new DescriptorMap(width, height, dimension, values);
  }
}
