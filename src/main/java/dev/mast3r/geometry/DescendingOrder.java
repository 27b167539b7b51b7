package dev.mast3r.geometry;

/** The order of three singular values, largest first: EJML leaves them as they come. */
final class DescendingOrder {

  private DescendingOrder() {}

  /** Returns the three indices. */
  static int[] of(double[] values) {
    int[] order = {0, 1, 2};
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2 - i; j++) {
        if (values[order[j]] < values[order[j + 1]]) {
          int swapped = order[j];
          order[j] = order[j + 1];
          order[j + 1] = swapped;
        }
      }
    }
    return order;
  }
}
