package dev.mast3r.match;

import dev.mast3r.dense.Pointmap;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Exact nearest points of a pointmap: a tree of bounding boxes over halves of the image, whose
 * neighbouring pixels mostly are neighbours in space. For one thread at a time.
 */
final class PointTree {

  static final int NONE = -1;

  private static final int LEAF_PIXELS = 16;

  /** A rectangle of the image, the box of its points, and its halves if it has more than a few. */
  private static final class Node {
    private final int x0;
    private final int y0;
    private final int x1;
    private final int y1;
    private final float[] box;
    private final Node[] halves;

    Node(int x0, int y0, int x1, int y1, float[] box, Node... halves) {
      this.x0 = x0;
      this.y0 = y0;
      this.x1 = x1;
      this.y1 = y1;
      this.box = box;
      this.halves = halves;
    }
  }

  private final int width;
  private final float[] xyz;
  private final boolean[] used;
  private final Node root;

  private double bestSquared;
  private int best;

  /**
   * @param usable by pixel index {@code y width + x}; a point that is not finite is never used
   */
  PointTree(Pointmap points, IntPredicate usable) {
    width = points.width();
    xyz = points.toArray();
    used = new boolean[width * points.height()];
    for (int index = 0; index < used.length; index++) {
      used[index] =
          Float.isFinite(xyz[3 * index])
              && Float.isFinite(xyz[3 * index + 1])
              && Float.isFinite(xyz[3 * index + 2])
              && usable.test(index);
    }
    root = build(0, 0, width, points.height());
  }

  /** Returns whether a pixel can be found and can be asked with. */
  boolean has(int index) {
    return used[index];
  }

  private Node build(int x0, int y0, int x1, int y1) {
    int columns = x1 - x0;
    int rows = y1 - y0;
    if (columns * rows <= LEAF_PIXELS) {
      return new Node(x0, y0, x1, y1, box(x0, y0, x1, y1));
    }
    Node[] halves =
        columns >= rows
            ? new Node[] {build(x0, y0, x0 + columns / 2, y1), build(x0 + columns / 2, y0, x1, y1)}
            : new Node[] {build(x0, y0, x1, y0 + rows / 2), build(x0, y0 + rows / 2, x1, y1)};
    float[] box = new float[6];
    for (int axis = 0; axis < 3; axis++) {
      box[axis] = Math.min(halves[0].box[axis], halves[1].box[axis]);
      box[3 + axis] = Math.max(halves[0].box[3 + axis], halves[1].box[3 + axis]);
    }
    return new Node(x0, y0, x1, y1, box, halves);
  }

  /** Returns the least and the largest coordinates; of no points they are infinite. */
  private float[] box(int x0, int y0, int x1, int y1) {
    float[] box = new float[6];
    Arrays.fill(box, 0, 3, Float.POSITIVE_INFINITY);
    Arrays.fill(box, 3, 6, Float.NEGATIVE_INFINITY);
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        int index = y * width + x;
        for (int axis = 0; axis < 3 && used[index]; axis++) {
          box[axis] = Math.min(box[axis], xyz[3 * index + axis]);
          box[3 + axis] = Math.max(box[3 + axis], xyz[3 * index + axis]);
        }
      }
    }
    return box;
  }

  /**
   * Returns the pixel of the point nearest to one of another tree, of equally near ones the lowest
   * index; {@link #NONE} if no point is used.
   */
  int nearest(PointTree from, int index) {
    bestSquared = Double.POSITIVE_INFINITY;
    best = NONE;
    visit(root, from.xyz[3 * index], from.xyz[3 * index + 1], from.xyz[3 * index + 2]);
    return best;
  }

  private void visit(Node node, float x, float y, float z) {
    if (node.halves.length == 0) {
      visitPixels(node, x, y, z);
      return;
    }
    double first = squaredDistance(node.halves[0].box, x, y, z);
    double second = squaredDistance(node.halves[1].box, x, y, z);
    int nearer = second < first ? 1 : 0;
    // rounding is monotonic, so no box is farther than the nearest of its points; equally near
    // ones may have lower indices
    if (Math.min(first, second) <= bestSquared) {
      visit(node.halves[nearer], x, y, z);
    }
    if (Math.max(first, second) <= bestSquared) {
      visit(node.halves[1 - nearer], x, y, z);
    }
  }

  private void visitPixels(Node leaf, float x, float y, float z) {
    for (int row = leaf.y0; row < leaf.y1; row++) {
      for (int index = row * width + leaf.x0; index < row * width + leaf.x1; index++) {
        if (used[index]) {
          double squared = squared(xyz[3 * index], xyz[3 * index + 1], xyz[3 * index + 2], x, y, z);
          if (squared < bestSquared || (squared == bestSquared && index < best)) {
            bestSquared = squared;
            best = index;
          }
        }
      }
    }
  }

  private static double squared(float x0, float y0, float z0, float x1, float y1, float z1) {
    double dx = (double) x0 - x1;
    double dy = (double) y0 - y1;
    double dz = (double) z0 - z1;
    return dx * dx + dy * dy + dz * dz;
  }

  private static double squaredDistance(float[] box, float x, float y, float z) {
    double dx = outside(box[0], box[3], x);
    double dy = outside(box[1], box[4], y);
    double dz = outside(box[2], box[5], z);
    return dx * dx + dy * dy + dz * dz;
  }

  private static double outside(float low, float high, float value) {
    return Math.max(0, Math.max((double) low - value, (double) value - high));
  }
}
