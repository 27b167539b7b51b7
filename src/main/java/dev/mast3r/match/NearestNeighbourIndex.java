package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.BLOCK;
import static dev.mast3r.match.SimilarityKernel.GROUP;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * The allowed pixels of a descriptor map cut into regions of 256 neighbouring pixels, those into 4
 * cells, those into 4 groups of 16, and those into 4 quads, each cell, group and quad with a cone
 * that holds the directions of its descriptors.
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

  /** Of a group; each is {@link #QUAD} points. */
  static final int QUADS = 4;

  private static final int QUAD = GROUP / QUADS;

  /** Of a cone within which descriptors hardly resemble each other. */
  private static final float WIDE = 0.25f;

  private final DescriptorMap map;
  private final int dimension;
  private final int regions;

  /** Pixel of each point; spare places repeat the region's first pixel. */
  private final int[] pixels;

  /** {@code [group][dimension][GROUP]}. */
  private final float[] points;

  /** {@code [quad][dimension + 2]}. */
  private final float[] quadCones;

  /** {@code [group][dimension + 2]}. */
  private final float[] groupCones;

  /** {@code [cell][dimension + 2]}. */
  private final float[] cellCones;

  /** Of each pixel of the map; -1 if it is not allowed. */
  private final int[] groupOfPixel;

  private final float[] regionNorm;
  private float largestNorm;
  private boolean smooth;

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
    this.quadCones = new float[regions * (dimension + 2) * GROUPS * QUADS];
    this.groupCones = new float[regions * (dimension + 2) * GROUPS];
    this.cellCones = new float[regions * (dimension + 2) * CELLS];
    this.groupOfPixel = new int[map.width() * map.height()];
    Arrays.fill(groupOfPixel, -1);
    for (int point = 0; point < count; point++) {
      groupOfPixel[pixels[point]] = point / GROUP;
    }
    this.regionNorm = new float[regions];
  }

  static NearestNeighbourIndex of(DescriptorMap map, PixelMask mask, WorkerTeam team) {
    NearestNeighbourIndex index = new NearestNeighbourIndex(map, mask);
    int chunk = 16;
    team.share(
        (index.regions + chunk - 1) / chunk,
        () -> {
          RegionBuilder builder = index.new RegionBuilder();
          return piece -> {
            int end = Math.min(index.regions, (piece + 1) * chunk);
            for (int region = piece * chunk; region < end; region++) {
              builder.build(region);
            }
          };
        });
    index.findLargestNorm();
    index.findSmoothness();
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

  /** The quads' cones as {@code [quad][axis, cos r, sin r]}, 4 quads a group. */
  float[] quadCones() {
    return quadCones;
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

  /** Returns whether neighbours resemble each other, so that a search has something to skip. */
  boolean isSmooth() {
    return smooth;
  }

  private void findSmoothness() {
    int wide = 0;
    for (int end = dimension; end < groupCones.length; end += dimension + 2) {
      wide += groupCones[end] < WIDE ? 1 : 0;
    }
    smooth = 8 * wide <= 7 * GROUPS * regions;
  }

  private void findLargestNorm() {
    for (float norm : regionNorm) {
      largestNorm = Math.max(largestNorm, norm);
    }
  }

  /**
   * Fills one region after another, in loops that the compiler is done with soon; the scratch
   * memory serves one thread.
   */
  private final class RegionBuilder {

    private final float[] rows = new float[REGION * dimension];
    private final float[] inverseNorms = new float[REGION];

    private final float[] quadAxes = new float[GROUPS * QUADS * dimension];
    private final float[] groupAxes = new float[GROUPS * dimension];
    private final float[] cellAxes = new float[CELLS * dimension];

    /** Of each cone the smallest cosine of a point to the axis. */
    private final float[] quadCosines = new float[GROUPS * QUADS];

    private final float[] groupCosines = new float[GROUPS];
    private final float[] cellCosines = new float[CELLS];

    void build(int region) {
      for (int point = 0; point < REGION; point++) {
        copyPoint(region, point);
      }
      findAxes();
      Arrays.fill(quadCosines, 1);
      Arrays.fill(groupCosines, 1);
      Arrays.fill(cellCosines, 1);
      for (int point = 0; point < REGION; point++) {
        project(point);
      }
      writeCones(quadAxes, quadCosines, quadCones, region);
      writeCones(groupAxes, groupCosines, groupCones, region);
      writeCones(cellAxes, cellCosines, cellCones, region);
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
      Arrays.fill(quadAxes, 0);
      for (int point = 0; point < REGION; point++) {
        float scale = inverseNorms[point] > 0 ? inverseNorms[point] : 0;
        addScaled(rows, point * dimension, scale, quadAxes, point / QUAD * dimension);
      }
      Arrays.fill(groupAxes, 0);
      for (int quad = 0; quad < GROUPS * QUADS; quad++) {
        addScaled(quadAxes, quad * dimension, 1, groupAxes, quad / QUADS * dimension);
      }
      Arrays.fill(cellAxes, 0);
      for (int group = 0; group < GROUPS; group++) {
        addScaled(groupAxes, group * dimension, 1, cellAxes, group / BLOCK * dimension);
      }
      normalise(quadAxes);
      normalise(groupAxes);
      normalise(cellAxes);
    }

    private void addScaled(float[] from, int source, float scale, float[] to, int target) {
      for (int k = 0; k < dimension; k++) {
        to[target + k] += scale * from[source + k];
      }
    }

    private void normalise(float[] axes) {
      for (int axis = 0; axis < axes.length; axis += dimension) {
        double squaredLength = 0;
        for (int k = axis; k < axis + dimension; k++) {
          squaredLength += (double) axes[k] * axes[k];
        }
        double scale = squaredLength > 0 ? 1 / Math.sqrt(squaredLength) : 0;
        for (int k = axis; k < axis + dimension; k++) {
          axes[k] = (float) (axes[k] * scale);
        }
      }
    }

    private void project(int point) {
      int row = point * dimension;
      int quad = point / QUAD;
      int group = point / GROUP;
      int cell = group / BLOCK;
      float toQuad = 0;
      float toGroup = 0;
      float toCell = 0;
      for (int k = 0; k < dimension; k++) {
        float value = rows[row + k];
        toQuad += value * quadAxes[quad * dimension + k];
        toGroup += value * groupAxes[group * dimension + k];
        toCell += value * cellAxes[cell * dimension + k];
      }
      float inverseNorm = inverseNorms[point];
      // a zero vector has no direction and does not count
      if (inverseNorm != 0) {
        quadCosines[quad] = Math.min(quadCosines[quad], cosine(toQuad, inverseNorm));
        groupCosines[group] = Math.min(groupCosines[group], cosine(toGroup, inverseNorm));
        cellCosines[cell] = Math.min(cellCosines[cell], cosine(toCell, inverseNorm));
      }
    }

    /** A direction that was lost counts as one across. */
    private static float cosine(float projection, float inverseNorm) {
      float cosine = projection * inverseNorm;
      return Float.isNaN(cosine) ? 0 : cosine;
    }

    private void writeCones(float[] axes, float[] cosines, float[] cones, int region) {
      for (int i = 0; i < cosines.length; i++) {
        int target = (region * cosines.length + i) * (dimension + 2);
        Cone.write(axes, i * dimension, dimension, cosines[i], cones, target);
      }
    }
  }
}
