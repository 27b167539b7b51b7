package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import java.util.Random;

/** Descriptor maps with known properties; the same seed gives the same map. */
final class SyntheticDescriptors {

  private SyntheticDescriptors() {}

  /** Independent unit vectors: no neighbourhood helps a search. */
  static DescriptorMap random(int width, int height, int dimension, long seed) {
    Random random = new Random(seed);
    float[] values = new float[width * height * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    normalise(values, dimension);
    return new DescriptorMap(width, height, dimension, values);
  }

  /** Small integers: many exact ties, norms of any size, zero vectors among them. */
  static DescriptorMap tied(int width, int height, int dimension, int levels, long seed) {
    Random random = new Random(seed);
    float[] values = new float[width * height * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(levels) - levels / 2;
    }
    return new DescriptorMap(width, height, dimension, values);
  }

  /** Gaussian vectors whose norms differ by orders of magnitude. */
  static DescriptorMap scaled(int width, int height, int dimension, long seed) {
    Random random = new Random(seed);
    float[] values = new float[width * height * dimension];
    for (int pixel = 0; pixel < width * height; pixel++) {
      double scale = Math.pow(10, 4 * random.nextDouble() - 2);
      for (int k = 0; k < dimension; k++) {
        values[pixel * dimension + k] = (float) (scale * random.nextGaussian());
      }
    }
    return new DescriptorMap(width, height, dimension, values);
  }

  /**
   * A smooth field of unit vectors, as a network upsamples them from patches, seen through a shift
   * and a zoom with independent noise. Views of one {@code scene} match each other.
   *
   * @param patch the distance in pixels over which the field changes
   * @param noise standard deviation of each component's noise before normalisation
   */
  static DescriptorMap view(
      int width,
      int height,
      int dimension,
      long scene,
      double shift,
      double zoom,
      int patch,
      double noise,
      long noiseSeed) {
    int columns = 2 * width / patch + 4;
    int rows = 2 * height / patch + 4;
    float[] knots = random(columns, rows, dimension, scene).toArray();
    Random random = new Random(noiseSeed);
    float[] values = new float[width * height * dimension];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double gx = Math.min(Math.max((x * zoom + shift) / patch, 0), columns - 1.001);
        double gy = Math.min(Math.max((y * zoom + shift / 2) / patch, 0), rows - 1.001);
        int column = (int) gx;
        int row = (int) gy;
        int knot = (row * columns + column) * dimension;
        double fx = gx - column;
        double fy = gy - row;
        for (int k = 0; k < dimension; k++) {
          double top = (1 - fx) * knots[knot + k] + fx * knots[knot + dimension + k];
          int below = knot + columns * dimension;
          double bottom = (1 - fx) * knots[below + k] + fx * knots[below + dimension + k];
          values[(y * width + x) * dimension + k] =
              (float) ((1 - fy) * top + fy * bottom + noise * random.nextGaussian());
        }
      }
    }
    normalise(values, dimension);
    return new DescriptorMap(width, height, dimension, values);
  }

  private static void normalise(float[] values, int dimension) {
    for (int start = 0; start < values.length; start += dimension) {
      double sum = 0;
      for (int k = 0; k < dimension; k++) {
        sum += values[start + k] * values[start + k];
      }
      double scale = 1 / Math.sqrt(sum);
      for (int k = 0; k < dimension; k++) {
        values[start + k] = (float) (values[start + k] * scale);
      }
    }
  }
}
