package dev.mast3r.match;

import dev.mast3r.dense.Pointmap;

/**
 * A k-d tree over the allowed points of a pointmap, for exact nearest neighbours in Euclidean
 * distance; of equally near ones the lowest pixel index.
 *
 * <p>The squared distance is {@code dx dx + dy dy + dz dz}, summed in that order in single
 * precision. Rounding is monotonic, so the squared distance to a dividing plane is never above that
 * to a point behind it, and what is cut off is cut off exactly.
 */
final class PointTree {

  private static final int LEAF = 8;

  private final float[] allXyz;

  /** The pixels in the order of the tree. */
  private final int[] pixels;

  /** Coordinates in the order of the tree, three a point. */
  private final float[] xyz;

  /** The axis along which the point in the middle of a part divides it. */
  private final byte[] axes;

  PointTree(Pointmap map, PixelMask mask) {
    this.allXyz = map.toArray();
    this.pixels = PixelOrder.all(mask);
    this.axes = new byte[pixels.length];
    divide(0, pixels.length);
    this.xyz = new float[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      System.arraycopy(allXyz, 3 * pixels[i], xyz, 3 * i, 3);
    }
  }

  private void divide(int from, int to) {
    if (to - from > LEAF) {
      int middle = (from + to) >>> 1;
      int axis = widestAxis(from, to);
      axes[middle] = (byte) axis;
      select(from, to - 1, middle, axis);
      divide(from, middle);
      divide(middle + 1, to);
    }
  }

  private int widestAxis(int from, int to) {
    int widest = 0;
    float width = -1;
    for (int axis = 0; axis < 3; axis++) {
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        low = Math.min(low, allXyz[3 * pixels[i] + axis]);
        high = Math.max(high, allXyz[3 * pixels[i] + axis]);
      }
      if (high - low > width) {
        width = high - low;
        widest = axis;
      }
    }
    return widest;
  }

  /** Hoare's selection: nothing before {@code middle} is above it, nothing after it below. */
  private void select(int from, int to, int middle, int axis) {
    int low = from;
    int high = to;
    while (low < high) {
      float pivot = allXyz[3 * pixels[(low + high) >>> 1] + axis];
      int i = low;
      int j = high;
      while (i <= j) {
        while (allXyz[3 * pixels[i] + axis] < pivot) {
          i++;
        }
        while (allXyz[3 * pixels[j] + axis] > pivot) {
          j--;
        }
        if (i <= j) {
          int swapped = pixels[i];
          pixels[i++] = pixels[j];
          pixels[j--] = swapped;
        }
      }
      if (middle <= j) {
        high = j;
      } else if (middle >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  /** Returns a query that serves one thread. */
  Query query() {
    return new Query();
  }

  /** The state of one search after the other. */
  final class Query {

    private float x;
    private float y;
    private float z;
    private float bestSquared;
    private int bestPixel;

    private Query() {}

    /**
     * Returns the pixel of the point nearest to the given one.
     *
     * @param candidate a pixel of the tree that may be near, or -1
     */
    int nearest(float queryX, float queryY, float queryZ, int candidate) {
      x = queryX;
      y = queryY;
      z = queryZ;
      bestSquared = Float.POSITIVE_INFINITY;
      bestPixel = Integer.MAX_VALUE;
      if (candidate >= 0) {
        compare(allXyz, 3 * candidate, candidate);
      }
      descend(0, pixels.length);
      return bestPixel;
    }

    private void descend(int from, int to) {
      if (to - from <= LEAF) {
        for (int i = from; i < to; i++) {
          compare(xyz, 3 * i, pixels[i]);
        }
        return;
      }
      int middle = (from + to) >>> 1;
      int axis = axes[middle];
      float offset = (axis == 0 ? x : axis == 1 ? y : z) - xyz[3 * middle + axis];
      if (offset <= 0) {
        descend(from, middle);
      } else {
        descend(middle + 1, to);
      }
      // a point behind the plane at the same distance may have the lower index
      if (offset * offset <= bestSquared) {
        compare(xyz, 3 * middle, pixels[middle]);
        if (offset <= 0) {
          descend(middle + 1, to);
        } else {
          descend(from, middle);
        }
      }
    }

    private void compare(float[] points, int start, int pixel) {
      float dx = points[start] - x;
      float dy = points[start + 1] - y;
      float dz = points[start + 2] - z;
      float squared = dx * dx + dy * dy + dz * dz;
      if (squared < bestSquared || (squared == bestSquared && pixel < bestPixel)) {
        bestSquared = squared;
        bestPixel = pixel;
      }
    }
  }
}
