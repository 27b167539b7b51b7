package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.TILE;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * A descriptor map cut into tiles of 64 neighbouring pixels, each with a bound on the similarities
 * it can hold.
 *
 * <p>Neighbouring pixels have similar descriptors, so the directions of a tile's points lie in a
 * narrow cone: an axis {@code c} of unit norm and the largest angle {@code r} to it. For a query at
 * the angle {@code t > r} from the axis no point of the tile is more similar than {@code |q| N
 * cos(t - r)}, {@code N} being the largest norm of the map. Nothing is assumed about the norms.
 */
final class NearestNeighbourIndex {

  /** Side of the square blocks of pixels that tiles are made of. */
  private static final int SIDE = 8;

  private final DescriptorMap map;
  private final int dimension;
  private final int tiles;

  /** Pixel of each lane, ascending within a tile; spare lanes repeat the tile's first pixel. */
  private final int[] pixels;

  private final float[] points;
  private final float[] axes;
  private final float[] cosRadius;
  private final float[] sinRadius;
  private final double[] tileNorm;

  private NearestNeighbourIndex(DescriptorMap map) {
    this.map = map;
    this.dimension = map.dimension();
    int count = map.width() * map.height();
    this.tiles = (count + TILE - 1) / TILE;
    this.pixels = pixelsInTiles(map.width(), map.height(), tiles);
    int axisTiles = (tiles + TILE - 1) / TILE;
    this.points = new float[Math.multiplyExact(tiles * TILE, dimension)];
    this.axes = new float[axisTiles * TILE * dimension];
    this.cosRadius = new float[axisTiles * TILE];
    this.sinRadius = new float[axisTiles * TILE];
    this.tileNorm = new double[tiles];
  }

  static NearestNeighbourIndex of(DescriptorMap map, WorkerTeam team) {
    NearestNeighbourIndex index = new NearestNeighbourIndex(map);
    int chunk = 64;
    team.share(
        (index.tiles + chunk - 1) / chunk,
        () -> {
          float[] tilePoints = new float[TILE * index.dimension];
          return piece -> {
            int end = Math.min(index.tiles, (piece + 1) * chunk);
            for (int tile = piece * chunk; tile < end; tile++) {
              index.fill(tile, tilePoints);
            }
          };
        });
    return index;
  }

  private static int[] pixelsInTiles(int width, int height, int tiles) {
    int[] pixels = new int[tiles * TILE];
    int n = 0;
    for (int top = 0; top < height; top += SIDE) {
      int blocks = (width + SIDE - 1) / SIDE;
      for (int block = 0; block < blocks; block++) {
        // to and fro, so that a tile which holds parts of two blocks stays in one piece
        int left = SIDE * (top / SIDE % 2 == 0 ? block : blocks - 1 - block);
        for (int y = top; y < Math.min(top + SIDE, height); y++) {
          for (int x = left; x < Math.min(left + SIDE, width); x++) {
            pixels[n++] = y * width + x;
          }
        }
      }
    }
    for (int tile = 0; tile < tiles; tile++) {
      int end = Math.min(n, (tile + 1) * TILE);
      Arrays.sort(pixels, tile * TILE, end);
      Arrays.fill(pixels, end, (tile + 1) * TILE, pixels[tile * TILE]);
    }
    return pixels;
  }

  private void fill(int tile, float[] tilePoints) {
    double[] axis = new double[dimension];
    double[] inverseNorms = new double[TILE];
    for (int lane = 0; lane < TILE; lane++) {
      int row = lane * dimension;
      map.copyInto(pixels[tile * TILE + lane], tilePoints, row);
      double squaredNorm = 0;
      for (int k = 0; k < dimension; k++) {
        float value = tilePoints[row + k];
        points[(tile * dimension + k) * TILE + lane] = value;
        squaredNorm += (double) value * value;
      }
      double norm = Math.sqrt(squaredNorm);
      tileNorm[tile] = Math.max(tileNorm[tile], norm);
      // a zero vector has no direction and never the largest similarity unless all are 0 or less
      inverseNorms[lane] = norm > 0 ? 1 / norm : 0;
      for (int k = 0; k < dimension; k++) {
        axis[k] += tilePoints[row + k] * inverseNorms[lane];
      }
    }
    double squaredLength = 0;
    for (double value : axis) {
      squaredLength += value * value;
    }
    double scale = squaredLength > 0 ? 1 / Math.sqrt(squaredLength) : 0;
    for (int k = 0; k < dimension; k++) {
      axis[k] *= scale;
      axes[(tile / TILE * dimension + k) * TILE + tile % TILE] = (float) axis[k];
    }
    double smallestCos = 1;
    for (int lane = 0; lane < TILE; lane++) {
      if (inverseNorms[lane] > 0) {
        double dot = 0;
        for (int k = 0; k < dimension; k++) {
          dot += tilePoints[lane * dimension + k] * axis[k];
        }
        smallestCos = Math.min(smallestCos, dot * inverseNorms[lane]);
      }
    }
    if (smallestCos > 0) {
      cosRadius[tile] = (float) smallestCos;
      sinRadius[tile] = (float) Math.sqrt((1 - smallestCos) * (1 + smallestCos));
    } else {
      // half of the sphere or more: a bound that nothing falls below
      cosRadius[tile] = 0;
      sinRadius[tile] = Float.POSITIVE_INFINITY;
    }
  }

  int dimension() {
    return dimension;
  }

  int tiles() {
    return tiles;
  }

  /** The pixel of a lane; lanes of a tile ascend by pixel, then repeat the first one. */
  int pixel(int tile, int lane) {
    return pixels[tile * TILE + lane];
  }

  /** All points as {@code [tile][dimension][TILE]}. */
  float[] points() {
    return points;
  }

  /** The tiles' axes, 64 of them to a tile of their own: {@code [tile / 64][dimension][TILE]}. */
  float[] axes() {
    return axes;
  }

  float cosRadius(int tile) {
    return cosRadius[tile];
  }

  float sinRadius(int tile) {
    return sinRadius[tile];
  }

  /** Returns the largest norm of a point. */
  double largestNorm() {
    return Arrays.stream(tileNorm).max().orElseThrow();
  }

  DescriptorMap map() {
    return map;
  }
}
