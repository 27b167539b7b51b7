package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;

/**
 * Places a match between pixels, where the descriptors of the two images agree best.
 *
 * <p>The similarity of A's pixel with the 3 x 3 pixels around its match in B is a hill; a
 * paraboloid fitted to it by least squares has its top between the pixels. The same the other way
 * round gives a second estimate of the same match, and the two are averaged. A pixel at the border
 * of its map and a hill without a top within one pixel stay where they are.
 */
final class SimilarityPeak {

  /**
   * Returns a match in pixels of the two maps, (0,0) being the centre of the first one.
   *
   * @param indexA a pixel of {@code a}
   * @param indexB its match in {@code b}
   */
  Correspondence place(
      DescriptorMap a, int indexA, DescriptorMap b, int indexB, double confidence) {
    Offset inA = peak(b, indexB, a, indexA);
    Offset inB = peak(a, indexA, b, indexB);
    int rowA = indexA / a.width();
    int rowB = indexB / b.width();
    return new Correspondence(
        indexA % a.width() + 0.5 * inA.x,
        rowA + 0.5 * inA.y,
        indexB % b.width() + 0.5 * inB.x,
        rowB + 0.5 * inB.y,
        confidence);
  }

  /** From the centre of a pixel. */
  private record Offset(double x, double y) {

    static final Offset NONE = new Offset(0, 0);
  }

  /**
   * Fits {@code c + gx x + gy y + (hxx x^2 + hyy y^2) / 2 + hxy x y} to the nine similarities and
   * solves for its top.
   */
  private static Offset peak(DescriptorMap queries, int query, DescriptorMap map, int centre) {
    int x = centre % map.width();
    int y = centre / map.width();
    if (x < 1 || y < 1 || x >= map.width() - 1 || y >= map.height() - 1) {
      return Offset.NONE;
    }
    double gx = 0;
    double gy = 0;
    double hxx = 0;
    double hyy = 0;
    double hxy = 0;
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        double s = similarity(queries, query, map, centre + dy * map.width() + dx);
        gx += dx * s / 6;
        gy += dy * s / 6;
        hxx += (dx == 0 ? -2 : 1) * s / 3;
        hyy += (dy == 0 ? -2 : 1) * s / 3;
        hxy += dx * dy * s / 4;
      }
    }
    double determinant = hxx * hyy - hxy * hxy;
    if (!(determinant > 0) || !(hxx < 0)) {
      return Offset.NONE;
    }
    Offset top =
        new Offset((hxy * gy - hyy * gx) / determinant, (hxy * gx - hxx * gy) / determinant);
    return Math.max(Math.abs(top.x), Math.abs(top.y)) <= 1 ? top : Offset.NONE;
  }

  private static double similarity(DescriptorMap queries, int query, DescriptorMap map, int pixel) {
    double sum = 0;
    for (int k = 0; k < map.dimension(); k++) {
      sum += (double) queries.get(query, k) * map.get(pixel, k);
    }
    return sum;
  }
}
