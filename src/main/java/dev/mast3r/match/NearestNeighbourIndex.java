package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.BLOCK;
import static dev.mast3r.match.SimilarityKernel.GROUP;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * The allowed pixels of a descriptor map cut into regions of 256 neighbouring pixels, those into 4
 * cells, and those into 4 groups of 16, each cell and group with a cone that holds the directions
 * of its descriptors.
 *
 * <p>Neighbouring pixels have similar descriptors, so a cone is narrow: an axis c of unit norm and
 * the largest angle r to it. For a query at the angle t > r from the axis no point of the cone is
 * more similar than {@code |q| N cos(t - r)}, N being the largest norm of the map. Nothing is
 * assumed about the norms.
 */
final class NearestNeighbourIndex {

  /** Points of a region: 16 groups of 4 x 4 pixels, 16 x 16 in all where the map allows. */
  static final int REGION = 256;

  private static final double SHORTEST = 1e-15;

  private static final int GROUPS = REGION / GROUP;

  /** Of a region; a cell is {@link SimilarityKernel#BLOCK} groups. */
  static final int CELLS = GROUPS / BLOCK;

  private final DescriptorMap map;
  private final int dimension;
  private final int regions;

  /** Pixel of each point; spare places repeat the region's first pixel. */
  private final int[] pixels;

  /** {@code [group][dimension][GROUP]}. */
  private final float[] points;

  /** {@code [group][dimension + 2]}. */
  private final float[] groupCones;

  /** {@code [cell][dimension + 2]}. */
  private final float[] cellCones;

  /** Of each pixel of the map; -1 if it is not allowed. */
  private final int[] groupOfPixel;

  private final float[] regionNorm;
  private float largestNorm;

  private NearestNeighbourIndex(DescriptorMap map, PixelMask mask) {
    this.map = map;
    this.dimension = map.dimension();
    int[] allowed = PixelOrder.all(mask);
    int count = allowed.length;
    this.regions = (count + REGION - 1) / REGION;
    this.pixels = Arrays.copyOf(allowed, regions * REGION);
    for (int spare = count; spare < pixels.length; spare++) {
      pixels[spare] = pixels[(regions - 1) * REGION];
    }
    this.points = new float[Math.multiplyExact(regions * REGION, dimension)];
    this.groupCones = new float[regions * (dimension + 2) * GROUPS];
    this.cellCones = new float[regions * (dimension + 2) * CELLS];
    this.groupOfPixel = new int[map.width() * map.height()];
    Arrays.fill(groupOfPixel, -1);
    for (int point = 0; point < count; point++) {
      groupOfPixel[pixels[point]] = point / GROUP;
    }
    this.regionNorm = new float[regions];
  }

  static NearestNeighbourIndex of(
      DescriptorMap map, PixelMask mask, WorkerTeam team, SimilarityKernel kernel) {
    NearestNeighbourIndex index = new NearestNeighbourIndex(map, mask);
    int chunk = 16;
    team.share(
        (index.regions + chunk - 1) / chunk,
        () -> {
          RegionBuilder builder = index.new RegionBuilder(kernel);
          return piece -> {
            int end = Math.min(index.regions, (piece + 1) * chunk);
            for (int region = piece * chunk; region < end; region++) {
              builder.build(region);
            }
          };
        });
    index.findLargestNorm();
    return index;
  }

  DescriptorMap map() {
    return map;
  }

  int dimension() {
    return dimension;
  }

  int regions() {
    return regions;
  }

  /** The pixel of point {@code 0 .. 15} of a group; in no particular order. */
  int pixel(int group, int point) {
    return pixels[group * GROUP + point];
  }

  /** All points as {@code [group][dimension][16]}, 16 groups a region. */
  float[] points() {
    return points;
  }

  /** The groups' cones as {@code [group][axis, cos r, sin r]}. */
  float[] groupCones() {
    return groupCones;
  }

  /** The cells' cones as {@code [cell][axis, cos r, sin r]}, 4 cells a region. */
  float[] cellCones() {
    return cellCones;
  }

  /** Returns the group that holds a pixel of the map, or -1 if it is not allowed. */
  int groupOf(int pixel) {
    return groupOfPixel[pixel];
  }

  /** Returns the largest norm of a point. */
  float largestNorm() {
    return largestNorm;
  }

  private void findLargestNorm() {
    for (float norm : regionNorm) {
      largestNorm = Math.max(largestNorm, norm);
    }
  }

  /** Fills one region after another; the scratch memory serves one thread. */
  private final class RegionBuilder {

    private final SimilarityKernel kernel;
    private final float[] rows = new float[REGION * dimension];
    private final float[] inverseNorms = new float[REGION];

    /** Of the groups, then of the cells. */
    private final float[] axes = new float[(GROUPS + CELLS) * dimension];

    private final int[] members = new int[BLOCK];
    private final int[] starts = new int[BLOCK];
    private final float[] thresholds = new float[GROUPS + CELLS];
    private final float[] projections = new float[BLOCK * GROUP];
    private final float[] smallest = new float[GROUPS];

    RegionBuilder(SimilarityKernel kernel) {
      this.kernel = kernel;
    }

    void build(int region) {
      for (int point = 0; point < REGION; point++) {
        copyPoint(region, point);
      }
      findAxes();
      int size = dimension + 2;
      for (int first = 0; first < GROUPS; first += BLOCK) {
        for (int i = 0; i < BLOCK; i++) {
          members[i] = first + i;
        }
        projectGroups(region, first);
      }
      for (int group = 0; group < GROUPS; group++) {
        int target = (region * GROUPS + group) * size;
        Cone.write(axes, group * dimension, dimension, smallest[group], groupCones, target);
      }
      for (int cell = 0; cell < CELLS; cell++) {
        Arrays.fill(members, GROUPS + cell);
        projectGroups(region, cell * BLOCK);
        float smallestOfAll = 1;
        for (int group = cell * BLOCK; group < (cell + 1) * BLOCK; group++) {
          smallestOfAll = Math.min(smallestOfAll, smallest[group]);
        }
        int from = (GROUPS + cell) * dimension;
        int target = (region * CELLS + cell) * size;
        Cone.write(axes, from, dimension, smallestOfAll, cellCones, target);
      }
    }

    private void copyPoint(int region, int point) {
      int row = point * dimension;
      map.copyInto(pixels[region * REGION + point], rows, row);
      int target = (region * GROUPS + point / GROUP) * GROUP * dimension + point % GROUP;
      double squaredNorm = 0;
      for (int k = 0; k < dimension; k++) {
        float value = rows[row + k];
        points[target + k * GROUP] = value;
        squaredNorm += (double) value * value;
      }
      double norm = Math.sqrt(squaredNorm);
      regionNorm[region] = Math.max(regionNorm[region], Math.nextUp((float) norm));
      // of so short a vector single precision does not keep the direction
      inverseNorms[point] = norm > SHORTEST ? (float) (1 / norm) : norm > 0 ? Float.NaN : 0;
    }

    /** Takes the directions of the sums of the points' directions. */
    private void findAxes() {
      Arrays.fill(axes, 0);
      int all = GROUPS * dimension;
      for (int point = 0; point < REGION; point++) {
        int axis = point / GROUP * dimension;
        int row = point * dimension;
        float scale = inverseNorms[point] > 0 ? inverseNorms[point] : 0;
        for (int k = 0; k < dimension; k++) {
          axes[axis + k] += scale * rows[row + k];
        }
      }
      for (int group = 0; group < GROUPS; group++) {
        for (int k = 0; k < dimension; k++) {
          axes[all + group / BLOCK * dimension + k] += axes[group * dimension + k];
        }
      }
      for (int axis = 0; axis < GROUPS + CELLS; axis++) {
        normalise(axis * dimension);
      }
    }

    private void normalise(int from) {
      double squaredLength = 0;
      for (int k = from; k < from + dimension; k++) {
        squaredLength += (double) axes[k] * axes[k];
      }
      double scale = squaredLength > 0 ? 1 / Math.sqrt(squaredLength) : 0;
      for (int k = from; k < from + dimension; k++) {
        axes[k] = (float) (axes[k] * scale);
      }
    }

    /** Finds the smallest cosine in each of four groups to the axes of the members. */
    private void projectGroups(int region, int first) {
      for (int i = 0; i < BLOCK; i++) {
        starts[i] = (region * GROUPS + first + i) * GROUP * dimension;
      }
      kernel.comparePairs(
          axes, dimension, members, starts, 0, dimension, points, thresholds, projections);
      for (int i = 0; i < BLOCK; i++) {
        float least = 1;
        for (int j = 0; j < GROUP; j++) {
          float inverseNorm = inverseNorms[(first + i) * GROUP + j];
          float cosine = projections[i * GROUP + j] * inverseNorm;
          // a zero vector has no direction and does not count; one that was lost counts as none
          if (inverseNorm != 0) {
            least = Math.min(least, Float.isNaN(cosine) ? 0 : cosine);
          }
        }
        smallest[first + i] = least;
      }
    }
  }
}
