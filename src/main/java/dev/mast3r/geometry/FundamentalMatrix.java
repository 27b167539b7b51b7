package dev.mast3r.geometry;

/**
 * The fundamental matrix {@code F = K_B^-T E K_A^-1} of two cameras with square pixels, for pixels
 * counted from the principal points: {@code x_B^T F x_A = 0} for the pixels of a correspondence.
 *
 * <p>Hartley and Zisserman, Multiple View Geometry, 2nd edition: equation 9.12, and 11.9 for the
 * Sampson error.
 */
public final class FundamentalMatrix {

  private final EssentialMatrix ofPixels;

  private FundamentalMatrix(EssentialMatrix ofPixels) {
    this.ofPixels = ofPixels;
  }

  /**
   * Returns the matrix of two cameras.
   *
   * @param e of their motion
   * @param focalA in pixels of A, positive
   * @param focalB in pixels of B, positive
   */
  public static FundamentalMatrix of(EssentialMatrix e, double focalA, double focalB) {
    double[] f = new double[9];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        double scaleB = row < 2 ? focalB : 1;
        double scaleA = column < 2 ? focalA : 1;
        f[3 * row + column] = e.get(row, column) / (scaleB * scaleA);
      }
    }
    return new FundamentalMatrix(EssentialMatrix.of(f));
  }

  /**
   * Returns the Sampson error in pixels, with the sign of {@code x_B^T F x_A}: to first order the
   * distance by which both pixels together would have to move to fit.
   *
   * @param pixelA (x, y, 1), x and y from A's principal point
   * @param pixelB (x, y, 1), x and y from B's principal point
   */
  public double signedSampsonError(Point3 pixelA, Point3 pixelB) {
    return ofPixels.signedSampsonError(pixelA, pixelB);
  }
}
