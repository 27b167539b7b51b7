package dev.mast3r.image;

/**
 * The fixed-point weights that take one axis of an 8-bit image from {@code inputSize} to {@code
 * outputSize} samples, for a range of the output.
 *
 * <p>Output sample i sits at {@code (i + 0.5) inputSize / outputSize} of the input axis (pixel
 * edges are integers there). Downscaling stretches the filter by the scale, which makes it an
 * antialiasing filter; at the borders it is cut off, and the weights of a sample always sum to one
 * before they are rounded to multiples of 2^-22. That many bits are left when a sample has 8 and
 * the negative lobes need two more of a 32-bit sum.
 */
public final class ResampleWeights {

  static final int PRECISION_BITS = 22;

  private final int capacity;
  private final int[] first;
  private final int[] count;
  private final int[] weights;

  ResampleWeights(int inputSize, int outputSize, int from, int length, ResampleFilter filter) {
    double scale = (double) inputSize / outputSize;
    double stretch = Math.max(scale, 1);
    double support = filter.support() * stretch;
    capacity = 2 * (int) Math.ceil(support) + 1;
    first = new int[length];
    count = new int[length];
    weights = new int[Math.multiplyExact(length, capacity)];
    double[] exact = new double[capacity];
    for (int i = 0; i < length; i++) {
      double centre = (from + i + 0.5) * scale;
      int begin = Math.max(0, (int) (centre - support + 0.5));
      int end = Math.min(inputSize, (int) (centre + support + 0.5));
      double sum = 0;
      for (int k = 0; k < end - begin; k++) {
        exact[k] = filter.weight((begin + k - centre + 0.5) * (1 / stretch));
        sum += exact[k];
      }
      for (int k = 0; k < end - begin; k++) {
        weights[i * capacity + k] = toFixedPoint(exact[k] / sum);
      }
      first[i] = begin;
      count[i] = end - begin;
    }
  }

  private static int toFixedPoint(double weight) {
    double scaled = weight * (1 << PRECISION_BITS);
    return (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  }

  /** Returns the number of output samples. */
  public int length() {
    return first.length;
  }

  /** Returns the first input sample that output sample {@code i} of the range reads. */
  public int first(int i) {
    return first[i];
  }

  /** Returns how many input samples output sample {@code i} reads. */
  int count(int i) {
    return count[i];
  }

  /** Returns how many weights are kept of each output sample, 0 behind those that it reads. */
  public int capacity() {
    return capacity;
  }

  /** Returns all weights, of {@link #capacity} each. */
  public int[] toArray() {
    return weights.clone();
  }

  /** Returns all weights; those of output sample {@code i} begin at {@link #offset}. Read-only. */
  int[] weights() {
    return weights;
  }

  int offset(int i) {
    return i * capacity;
  }
}
