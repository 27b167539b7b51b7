package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.BLOCK;
import static dev.mast3r.match.SimilarityKernel.TILE;

import dev.mast3r.dense.DescriptorMap;

/**
 * Exact nearest neighbours of a block of queries that share their work: every tile that could hold
 * the answer of one is compared with all. Neighbouring queries need mostly the same tiles.
 *
 * <p>The largest similarity found so far, {@code s}, rules out the tiles whose bound is below it:
 * with {@code cos w = s / (|q| N)} those at an angle {@code t > w + r}, that is with {@code cos t <
 * cos w cos r - sin w sin r}. A good first candidate therefore saves most of the work. An instance
 * serves one thread.
 */
final class NearestNeighbourSearch {

  /** Similarities so small that their products may have underflowed rule nothing out. */
  private static final double SMALLEST_PRODUCT = 1e-30;

  private final NearestNeighbourIndex index;
  private final DescriptorMap queryMap;
  private final SimilarityKernel kernel;
  private final int dimension;
  private final int tiles;
  private final int stride;
  private final double largestNorm;
  private final double slack;

  private final float[] queries;
  private final float[] directions;
  private final double[] norms = new double[BLOCK];
  private final float[] axisCosines;
  private final float[] similarities = new float[BLOCK * TILE];
  private final float[] best = new float[BLOCK];
  private final int[] bestPixel = new int[BLOCK];
  private final float[] cosBest = new float[BLOCK];
  private final float[] sinBest = new float[BLOCK];

  NearestNeighbourSearch(
      NearestNeighbourIndex index, DescriptorMap queryMap, SimilarityKernel kernel) {
    this.index = index;
    this.queryMap = queryMap;
    this.kernel = kernel;
    this.dimension = index.dimension();
    this.tiles = index.tiles();
    this.stride = (tiles + TILE - 1) / TILE * TILE;
    this.largestNorm = index.largestNorm();
    // rounding error of a dot product of unit vectors is below d 2^-24 (Higham 2002, section 3.1);
    // doubled, with room for the rounding of the bound itself
    this.slack = (2 * dimension + 16) * 0x1p-24;
    this.queries = new float[BLOCK * dimension];
    this.directions = new float[BLOCK * dimension];
    this.axisCosines = new float[BLOCK * stride];
  }

  /**
   * Answers the queries {@code pixels[from .. to)}, at most {@link SimilarityKernel#BLOCK}.
   *
   * @param answers in: for each query's pixel a candidate to begin with, or -1; out: the pixel of
   *     its nearest neighbour
   */
  void search(int[] pixels, int from, int to, int[] answers) {
    int count = to - from;
    for (int query = 0; query < count; query++) {
      begin(query, pixels[from + query], answers[from + query]);
    }
    for (int tile = 0; tile < tiles; tile += TILE) {
      kernel.similarities(
          directions, count, dimension, index.axes(), tile / TILE, axisCosines, stride, tile);
    }
    for (int query = 0; query < count; query++) {
      int nearest = nearestAxis(query);
      if (mayHoldBest(query, nearest)) {
        visit(nearest, count);
      }
    }
    for (int tile = 0; tile < tiles; tile++) {
      for (int query = 0; query < count; query++) {
        if (mayHoldBest(query, tile)) {
          visit(tile, count);
          break;
        }
      }
    }
    System.arraycopy(bestPixel, 0, answers, from, count);
  }

  private void begin(int query, int pixel, int candidate) {
    int row = query * dimension;
    queryMap.copyInto(pixel, queries, row);
    double squaredNorm = 0;
    for (int k = 0; k < dimension; k++) {
      squaredNorm += (double) queries[row + k] * queries[row + k];
    }
    norms[query] = Math.sqrt(squaredNorm);
    double scale = squaredNorm > 0 ? 1 / norms[query] : 0;
    for (int k = 0; k < dimension; k++) {
      directions[row + k] = (float) (queries[row + k] * scale);
    }
    if (candidate < 0) {
      best[query] = Float.NEGATIVE_INFINITY;
      bestPixel[query] = Integer.MAX_VALUE;
    } else {
      float sum = 0;
      for (int k = 0; k < dimension; k++) {
        sum += queries[row + k] * index.map().get(candidate, k);
      }
      best[query] = sum;
      bestPixel[query] = candidate;
    }
    updateBound(query);
  }

  private void updateBound(int query) {
    double product = norms[query] * largestNorm;
    double cos = product > SMALLEST_PRODUCT ? best[query] / product - slack : 0;
    if (cos > 0) {
      cos = Math.min(cos, 1);
      cosBest[query] = (float) cos;
      sinBest[query] = (float) Math.sqrt((1 - cos) * (1 + cos));
    } else {
      cosBest[query] = 0;
      sinBest[query] = Float.POSITIVE_INFINITY;
    }
  }

  private boolean mayHoldBest(int query, int tile) {
    float bound = cosBest[query] * index.cosRadius(tile) - sinBest[query] * index.sinRadius(tile);
    // infinite sines make the bound -infinity or not a number, and the tile is visited
    return !(axisCosines[query * stride + tile] < bound - (float) slack);
  }

  private int nearestAxis(int query) {
    int nearest = 0;
    for (int tile = 1; tile < tiles; tile++) {
      if (axisCosines[query * stride + tile] > axisCosines[query * stride + nearest]) {
        nearest = tile;
      }
    }
    return nearest;
  }

  private void visit(int tile, int count) {
    kernel.similarities(queries, count, dimension, index.points(), tile, similarities, TILE, 0);
    for (int query = 0; query < count; query++) {
      float before = best[query];
      for (int lane = 0; lane < TILE; lane++) {
        float similarity = similarities[query * TILE + lane];
        if (similarity >= best[query]) {
          keep(query, similarity, index.pixel(tile, lane));
        }
      }
      if (best[query] > before) {
        updateBound(query);
      }
    }
  }

  private void keep(int query, float similarity, int pixel) {
    if (similarity > best[query] || pixel < bestPixel[query]) {
      best[query] = similarity;
      bestPixel[query] = pixel;
    }
  }
}
