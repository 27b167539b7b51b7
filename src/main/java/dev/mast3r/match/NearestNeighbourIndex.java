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

  /** Squared norm of a vector of which single precision keeps the direction. */
  private static final float SHORTEST = 1e-30f;

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

  /** {@code [cell][dimension + 2][quad]}. */
  private final float[] quadCones;

  /** {@code [region][dimension + 2][group]}. */
  private final float[] groupCones;

  /** {@code [region][dimension + 2][cell]}. */
  private final float[] cellCones;

  /** Of each pixel of the map; -1 if it is not allowed. */
  private final int[] groupOfPixel;

  private final float[] regionNorm;

  /** The lowest pixel of each region that cannot be compared, or more than any pixel. */
  private final int[] firstBad;

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
    this.firstBad = new int[regions];
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

  /**
   * Returns the first allowed pixel whose descriptor cannot be compared, or -1. If there is one,
   * the index must not be searched.
   */
  int firstBad() {
    int first = Integer.MAX_VALUE;
    for (int bad : firstBad) {
      first = Math.min(first, bad);
    }
    return first == Integer.MAX_VALUE ? -1 : first;
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

  /** The quads' cones as {@code [cell][axis, cos r, sin r][16]}, 4 quads a group. */
  float[] quadCones() {
    return quadCones;
  }

  /** The groups' cones as {@code [region][axis, cos r, sin r][16]}. */
  float[] groupCones() {
    return groupCones;
  }

  /** The cells' cones as {@code [region][axis, cos r, sin r][4]}. */
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
    for (int region = 0; region < regions; region++) {
      int cosines = (region * (dimension + 2) + dimension) * GROUPS;
      for (int group = 0; group < GROUPS; group++) {
        wide += groupCones[cosines + group] < WIDE ? 1 : 0;
      }
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

    private static final int QUAD_AXES = GROUPS * QUADS;
    private static final int GROUP_AXES = QUAD_AXES + GROUPS;
    private static final int AXES = GROUP_AXES + CELLS;

    /** Not the fastest one there is, but one that is compiled soon. */
    private final SimilarityKernel kernel = new ScalarKernel();

    private final float[] squaredNorms = new float[REGION];
    private final float[] inverseNorms = new float[REGION];

    /** Those of the quads, then those of the groups, then those of the cells. */
    private final float[] axes = new float[AXES * dimension];

    /** Of each cone the smallest cosine of a point to the axis. */
    private final float[] smallest = new float[AXES];

    /** Axes that are held against a group. */
    private final int[] members = new int[BLOCK];

    private final float[] projections = new float[BLOCK * GROUP];
    private final float[] thresholds = new float[AXES];

    void build(int region) {
      int first = region * GROUPS;
      for (int group = 0; group < GROUPS; group++) {
        copyGroup(first + group);
        for (int quad = 0; quad < QUADS; quad++) {
          sumSquares((first + group) * GROUP * dimension, group * GROUP, quad * QUAD);
        }
      }
      invertNorms(region);
      findAxes(first);
      Arrays.fill(smallest, 1);
      for (int group = 0; group < GROUPS; group++) {
        project(first + group, group);
      }
      writeCones(0, QUAD_AXES, BLOCK * QUADS, quadCones, region);
      writeCones(QUAD_AXES, GROUPS, GROUPS, groupCones, region);
      writeCones(GROUP_AXES, CELLS, CELLS, cellCones, region);
    }

    private void copyGroup(int group) {
      for (int point = 0; point < GROUP; point++) {
        int pixel = pixels[group * GROUP + point];
        int target = group * GROUP * dimension + point;
        for (int k = 0; k < dimension; k++) {
          points[target + k * GROUP] = map.get(pixel, k);
        }
      }
    }

    /** Sums the squares of the four points from {@code point} on of a group. */
    private void sumSquares(int group, int ofRegion, int point) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      for (int k = 0; k < dimension; k++) {
        int p = group + k * GROUP + point;
        s0 += points[p] * points[p];
        s1 += points[p + 1] * points[p + 1];
        s2 += points[p + 2] * points[p + 2];
        s3 += points[p + 3] * points[p + 3];
      }
      squaredNorms[ofRegion + point] = s0;
      squaredNorms[ofRegion + point + 1] = s1;
      squaredNorms[ofRegion + point + 2] = s2;
      squaredNorms[ofRegion + point + 3] = s3;
    }

    private void invertNorms(int region) {
      float largest = 0;
      int bad = Integer.MAX_VALUE;
      for (int point = 0; point < REGION; point++) {
        float squared = squaredNorms[point];
        float norm = (float) Math.sqrt(squared);
        largest = Math.max(largest, norm);
        inverseNorms[point] = squared > SHORTEST ? 1 / norm : inverseOfShort(region, point);
        if (!(squared < DescriptorCheck.TOO_LONG)) {
          bad = Math.min(bad, pixels[region * REGION + point]);
        }
      }
      regionNorm[region] = largest * (1 + (dimension + 4) * 0x1p-24f);
      firstBad[region] = bad;
    }

    /**
     * Of so short a vector single precision does not keep the direction; a zero vector has none.
     */
    private float inverseOfShort(int region, int point) {
      int pixel = pixels[region * REGION + point];
      boolean zero = true;
      for (int k = 0; k < dimension; k++) {
        zero &= map.get(pixel, k) == 0;
      }
      return zero ? 0 : Float.NaN;
    }

    /** Takes the directions of the sums of the points' directions. */
    private void findAxes(int firstGroup) {
      Arrays.fill(axes, 0);
      for (int group = 0; group < GROUPS; group++) {
        int start = (firstGroup + group) * GROUP * dimension;
        for (int quad = 0; quad < QUADS; quad++) {
          addQuad(start + quad * QUAD, group * QUADS + quad);
        }
      }
      for (int axis = 0; axis < AXES; axis++) {
        normalise(axis * dimension);
      }
    }

    /** Adds the points from {@code start} on to the axes of a quad, of its group and its cell. */
    private void addQuad(int start, int quad) {
      float s0 = scale(quad * QUAD);
      float s1 = scale(quad * QUAD + 1);
      float s2 = scale(quad * QUAD + 2);
      float s3 = scale(quad * QUAD + 3);
      int ofQuad = quad * dimension;
      int ofGroup = (QUAD_AXES + quad / QUADS) * dimension;
      int ofCell = (GROUP_AXES + quad / (QUADS * BLOCK)) * dimension;
      for (int k = 0; k < dimension; k++) {
        int p = start + k * GROUP;
        float sum = points[p] * s0 + points[p + 1] * s1 + points[p + 2] * s2 + points[p + 3] * s3;
        axes[ofQuad + k] = sum;
        axes[ofGroup + k] += sum;
        axes[ofCell + k] += sum;
      }
    }

    private float scale(int point) {
      return inverseNorms[point] > 0 ? inverseNorms[point] : 0;
    }

    private void normalise(int start) {
      double squaredLength = 0;
      for (int k = start; k < start + dimension; k++) {
        squaredLength += (double) axes[k] * axes[k];
      }
      double scale = squaredLength > 0 ? 1 / Math.sqrt(squaredLength) : 0;
      for (int k = start; k < start + dimension; k++) {
        axes[k] = (float) (axes[k] * scale);
      }
    }

    /** Holds the points of a group of the region against the axes of all its cones. */
    private void project(int group, int ofRegion) {
      for (int quad = 0; quad < QUADS; quad++) {
        members[quad] = ofRegion * QUADS + quad;
      }
      compare(group);
      for (int point = 0; point < GROUP; point++) {
        int quad = point / QUAD;
        keepSmallest(members[quad], ofRegion * GROUP + point, quad * GROUP + point);
      }
      Arrays.fill(members, GROUP_AXES + ofRegion / BLOCK);
      members[0] = QUAD_AXES + ofRegion;
      compare(group);
      for (int point = 0; point < GROUP; point++) {
        keepSmallest(members[0], ofRegion * GROUP + point, point);
        keepSmallest(members[1], ofRegion * GROUP + point, GROUP + point);
      }
    }

    private void compare(int group) {
      kernel.compare(
          axes,
          dimension,
          members,
          0,
          dimension,
          points,
          group * GROUP * dimension,
          thresholds,
          projections);
    }

    /** A zero vector does not count, a direction that was lost counts as one across. */
    private void keepSmallest(int axis, int point, int projection) {
      float inverse = inverseNorms[point];
      if (inverse != 0) {
        float cosine = projections[projection] * inverse;
        smallest[axis] = Math.min(smallest[axis], Float.isNaN(cosine) ? 0 : cosine);
      }
    }

    /** Writes the region's cones in blocks, each component of all cones of a block side by side. */
    private void writeCones(int firstAxis, int count, int block, float[] cones, int region) {
      for (int i = 0; i < count; i++) {
        int first = region * count + i / block * block;
        int target = first * (dimension + 2) + i % block;
        int axis = firstAxis + i;
        Cone.write(axes, axis * dimension, dimension, smallest[axis], cones, target, block);
      }
    }
  }
}
