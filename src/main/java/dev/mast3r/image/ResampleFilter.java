package dev.mast3r.image;

/**
 * The two interpolation kernels of the network's preprocessing, as functions of the distance in
 * source pixels (upscaling) or target pixels (downscaling).
 */
enum ResampleFilter {
  /** Cubic convolution with a = -1/2 (Keys 1981, equation 4), support 2. */
  BICUBIC(2) {
    @Override
    double weight(double distance) {
      double x = Math.abs(distance);
      if (x < 1) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
  },

  /** Sinc windowed by the central lobe of a sinc three times as wide, support 3. */
  LANCZOS(3) {
    @Override
    double weight(double distance) {
      return -3 <= distance && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
    }
  };

  private static final double A = -0.5;

  private final double support;

  ResampleFilter(double support) {
    this.support = support;
  }

  /** Returns the distance beyond which the weight is zero. */
  double support() {
    return support;
  }

  abstract double weight(double distance);

  /** StrictMath, so that every machine gets the same coefficients and so the same bytes. */
  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double angle = x * Math.PI;
    return StrictMath.sin(angle) / angle;
  }
}
