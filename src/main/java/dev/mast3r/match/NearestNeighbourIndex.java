package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.GROUP;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * The allowed pixels of a descriptor map cut into regions of 256 neighbouring pixels and groups of
 * 16, each with a cone that holds the directions of its descriptors.
 *
 * <p>Neighbouring pixels have similar descriptors, so a cone is narrow: an axis c of unit norm and
 * the largest angle r to it. For a query at the angle t > r from the axis no point of the cone is
 * more similar than {@code |q| N cos(t - r)}, N being the largest norm of the map. Nothing is
 * assumed about the norms.
 */
final class NearestNeighbourIndex {

  /** Points of a region: 16 groups of 4 x 4 pixels, 16 x 16 in all where the map allows. */
  static final int REGION = 256;

  private static final int GROUPS = REGION / GROUP;

  private final DescriptorMap map;
  private final int dimension;
  private final int regions;

  /** Pixel of each point; spare places repeat the region's first pixel. */
  private final int[] pixels;

  /** {@code [group][dimension][GROUP]}. */
  private final float[] points;

  /** {@code [region][dimension + 2][GROUPS]}. */
  private final float[] groupCones;

  /** {@code [region / GROUP][dimension + 2][GROUP]}. */
  private final float[] regionCones;

  private final float[] regionNorm;

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
    this.regionCones = new float[paddedRegions() * (dimension + 2)];
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

  /** The number of regions rounded up to whole groups. */
  int paddedRegions() {
    return (regions + GROUP - 1) / GROUP * GROUP;
  }

  /** The pixel of point {@code 0 .. REGION - 1} of a region; in no particular order. */
  int pixel(int region, int point) {
    return pixels[region * REGION + point];
  }

  /** All points as {@code [group][dimension][16]}, 16 groups a region. */
  float[] points() {
    return points;
  }

  /** The groups' cones as {@code [region][dimension + 2][16]}, in the layout of {@link Probes}. */
  float[] groupCones() {
    return groupCones;
  }

  /** The regions' cones as {@code [16 regions][dimension + 2][16]}. */
  float[] regionCones() {
    return regionCones;
  }

  float regionCos(int region) {
    return regionCones[regionColumn(region) + dimension * GROUP];
  }

  float regionSin(int region) {
    return regionCones[regionColumn(region) + (dimension + 1) * GROUP];
  }

  private int regionColumn(int region) {
    return region / GROUP * (dimension + 2) * GROUP + region % GROUP;
  }

  /** Returns the largest norm of a point. */
  float largestNorm() {
    float largest = 0;
    for (float norm : regionNorm) {
      largest = Math.max(largest, norm);
    }
    return largest;
  }

  /** Fills one region after another; the scratch memory serves one thread. */
  private final class RegionBuilder {

    private final float[] directions = new float[REGION * dimension];
    private final Cone cone = new Cone(dimension);

    void build(int region) {
      copyPoints(region);
      int size = dimension + 2;
      for (int group = 0; group < GROUPS; group++) {
        cone.enclose(directions, group * GROUP, (group + 1) * GROUP, dimension);
        cone.writeColumn(groupCones, region * size * GROUPS + group, GROUPS);
      }
      cone.enclose(directions, 0, REGION, dimension);
      cone.writeColumn(regionCones, regionColumn(region), GROUP);
    }

    private void copyPoints(int region) {
      for (int point = 0; point < REGION; point++) {
        int row = point * dimension;
        map.copyInto(pixels[region * REGION + point], directions, row);
        int target = (region * GROUPS + point / GROUP) * GROUP * dimension + point % GROUP;
        double squaredNorm = 0;
        for (int k = 0; k < dimension; k++) {
          float value = directions[row + k];
          points[target + k * GROUP] = value;
          squaredNorm += (double) value * value;
        }
        double norm = Math.sqrt(squaredNorm);
        regionNorm[region] = Math.max(regionNorm[region], Math.nextUp((float) norm));
        double scale = norm > 0 ? 1 / norm : 0;
        for (int k = 0; k < dimension; k++) {
          directions[row + k] = (float) (directions[row + k] * scale);
        }
      }
    }
  }
}
