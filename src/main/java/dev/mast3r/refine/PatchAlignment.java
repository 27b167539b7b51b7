package dev.mast3r.refine;

import dev.mast3r.image.GreyImage;
import java.util.Arrays;

/**
 * Moves a point of B to where a patch around it looks most like the patch around a point of A.
 *
 * <p>Inverse-compositional Gauss-Newton (Baker and Matthews, "Lucas-Kanade 20 Years On", section
 * 3.2) for the two shifts alone: the affine map from A's patch to B's is given. Gain and offset of
 * brightness are eliminated by taking the steepest-descent images orthogonal to the patch and to a
 * constant. Departs from the paper in a Gaussian window, and in a weak pull to where the point is
 * expected, which decides where the patch does not: along an edge, and where it is flat.
 *
 * <p>Keeps scratch memory: for one thread at a time.
 */
final class PatchAlignment {

  private static final int RADIUS = 7;

  private static final double WINDOW_SIGMA = 5;

  private static final int STEPS = 4;

  /** What photos are off by, in grey levels; the pull is stronger the more it is. */
  private static final double NOISE = 3;

  /** Samples; a step is no longer than that. */
  private static final double LONGEST_STEP = 2;

  /** B's contrast as a part of A's below which nothing can be told. */
  private static final double LEAST_GAIN = 0.1;

  /** Weighted sum of squares below which a patch is flat: 0.1 grey levels. */
  private static final double FLAT = 1;

  private static final int SIDE = 2 * RADIUS + 1;

  private static final float[] WINDOW = window();

  private static final float[] ONES = ones();

  private static final float WINDOW_SUM = product(ONES, ONES);

  private final double closeEnough;
  private final float[] wide = new float[(SIDE + 2) * (SIDE + 2)];
  private final float[] patch = new float[SIDE * SIDE];
  private final float[] slopeX = new float[SIDE * SIDE];
  private final float[] slopeY = new float[SIDE * SIDE];
  private final float[] seen = new float[SIDE * SIDE];

  /** Of the patch in A. */
  private float power;

  private float hessianXx;
  private float hessianXy;
  private float hessianYy;

  /** Of the patch in B with the patch, the slopes, itself and a constant. */
  private float cross;

  private float alongX;
  private float alongY;
  private float squares;
  private float sum;

  private double x;
  private double y;
  private double correlation;

  /**
   * @param closeEnough a step shorter than that is the last one, in A's samples
   */
  PatchAlignment(double closeEnough) {
    this.closeEnough = closeEnough;
  }

  private static float[] window() {
    float[] window = new float[SIDE * SIDE];
    for (int n = 0; n < window.length; n++) {
      int dx = n % SIDE - RADIUS;
      int dy = n / SIDE - RADIUS;
      window[n] = (float) Math.exp(-(dx * dx + dy * dy) / (2 * WINDOW_SIGMA * WINDOW_SIGMA));
    }
    return window;
  }

  private static float[] ones() {
    float[] ones = new float[SIDE * SIDE];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * Aligns; the result is then at {@link #x} and {@link #y}, which are in B's samples.
   *
   * @param xA the point in A, in A's samples
   * @param start where to begin in B, and how B's samples around it follow from A's
   * @param expectedX where the point is expected in B
   * @param spread how well that is known, in B's samples
   * @return false if a patch is flat or leaves its image
   */
  boolean align(
      GreyImage a,
      double xA,
      double yA,
      GreyImage b,
      LocalWarp start,
      double expectedX,
      double expectedY,
      double spread) {
    double determinant = start.xx() * start.yy() - start.xy() * start.yx();
    if (!(Math.abs(determinant) > 1e-3) || !takePatch(a, xA, yA)) {
      return false;
    }
    x = start.x();
    y = start.y();
    for (int step = 0; ; step++) {
      if (!b.readGrid(x, y, start.xx(), start.xy(), start.yx(), start.yy(), RADIUS, seen)) {
        return false;
      }
      compare();
      double powerB = squares - sum * (double) sum / WINDOW_SUM;
      if (!(powerB > FLAT)) {
        return false;
      }
      correlation = cross / Math.sqrt(power * powerB);
      double gain = (double) cross / power;
      if (step == STEPS || !(gain > LEAST_GAIN)) {
        return true;
      }
      double pull = NOISE * NOISE / (gain * gain * spread * spread);
      double offX = x - expectedX;
      double offY = y - expectedY;
      double rightX = alongX / gain + pull * (start.yy() * offX - start.xy() * offY) / determinant;
      double rightY = alongY / gain + pull * (start.xx() * offY - start.yx() * offX) / determinant;
      double xx = hessianXx + pull;
      double yy = hessianYy + pull;
      double d = xx * yy - hessianXy * hessianXy;
      double dx = (yy * rightX - hessianXy * rightY) / d;
      double dy = (xx * rightY - hessianXy * rightX) / d;
      double length = Math.sqrt(dx * dx + dy * dy);
      double shorten = Math.min(1, LONGEST_STEP / length);
      x -= shorten * (start.xx() * dx + start.xy() * dy);
      y -= shorten * (start.yx() * dx + start.yy() * dy);
      if (length < closeEnough) {
        return true;
      }
    }
  }

  /** Where the patch is found in B, in B's samples. */
  double x() {
    return x;
  }

  double y() {
    return y;
  }

  /** Returns the normalised cross-correlation of the patches before the last step, -1 to 1. */
  double correlation() {
    return correlation;
  }

  private void compare() {
    float withPatch = 0;
    float withX = 0;
    float withY = 0;
    float withItself = 0;
    float withOne = 0;
    for (int n = 0; n < SIDE * SIDE; n++) {
      float value = seen[n];
      float weighted = WINDOW[n] * value;
      withPatch += patch[n] * value;
      withX += slopeX[n] * value;
      withY += slopeY[n] * value;
      withItself += weighted * value;
      withOne += weighted;
    }
    cross = withPatch;
    alongX = withX;
    alongY = withY;
    squares = withItself;
    sum = withOne;
  }

  /** Reads the patch of A, and its slopes without what gain and offset explain; all weighted. */
  private boolean takePatch(GreyImage a, double xA, double yA) {
    if (!a.readGrid(xA, yA, 1, 0, 0, 1, RADIUS + 1, wide)) {
      return false;
    }
    differentiate();
    subtractMean(patch);
    subtractMean(slopeX);
    subtractMean(slopeY);
    power = product(patch, patch);
    if (!(power > FLAT)) {
      return false;
    }
    subtractPatch(slopeX);
    subtractPatch(slopeY);
    hessianXx = product(slopeX, slopeX);
    hessianXy = product(slopeX, slopeY);
    hessianYy = product(slopeY, slopeY);
    weigh(patch);
    weigh(slopeX);
    weigh(slopeY);
    return true;
  }

  private void differentiate() {
    int n = 0;
    for (int row = 1; row <= SIDE; row++) {
      int at = row * (SIDE + 2) + 1;
      for (int column = 0; column < SIDE; column++) {
        patch[n] = wide[at];
        slopeX[n] = 0.5f * (wide[at + 1] - wide[at - 1]);
        slopeY[n] = 0.5f * (wide[at + SIDE + 2] - wide[at - SIDE - 2]);
        n++;
        at++;
      }
    }
  }

  private static void subtractMean(float[] values) {
    float mean = product(values, ONES) / WINDOW_SUM;
    for (int n = 0; n < SIDE * SIDE; n++) {
      values[n] -= mean;
    }
  }

  /** Leaves what is orthogonal to the patch. */
  private void subtractPatch(float[] values) {
    float part = product(values, patch) / power;
    for (int n = 0; n < SIDE * SIDE; n++) {
      values[n] -= part * patch[n];
    }
  }

  private static float product(float[] left, float[] right) {
    float sum = 0;
    for (int n = 0; n < SIDE * SIDE; n++) {
      sum += WINDOW[n] * left[n] * right[n];
    }
    return sum;
  }

  private static void weigh(float[] values) {
    for (int n = 0; n < SIDE * SIDE; n++) {
      values[n] *= WINDOW[n];
    }
  }
}
