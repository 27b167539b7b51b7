package dev.mast3r.match;

import static dev.mast3r.match.NearestNeighbourIndex.REGION;
import static dev.mast3r.match.SimilarityKernel.BLOCK;
import static dev.mast3r.match.SimilarityKernel.GROUP;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * Exact nearest neighbours of 16 queries at a time, close together in their image.
 *
 * <p>The largest similarity found so far, s, rules out every cone that the angle w with {@code cos
 * w = s / (|q| N)} does not reach ({@link Reaches}). So a good s comes first: from the region with
 * the nearest axis, then, of the regions that remain, from the group of points with the nearest
 * axis. The cosines to all these axes are kept, and with the s of then they tell which groups a
 * query has to be compared with; on the bundled model's maps a few of a hundred.
 *
 * <p>An instance serves one thread.
 */
final class NearestNeighbourSearch implements NeighbourTable.Search {

  private static final int GROUPS = REGION / GROUP;

  /** Room for a pack of queries and for the repetitions that fill the last block. */
  private static final int COMRADES = GROUP + BLOCK;

  /** Products of norms below this may hide underflow; such queries skip nothing. */
  private static final double SMALLEST_PRODUCT = 1e-30;

  /** Packs that are compared with everything after one that could skip next to nothing. */
  private static final int HOPELESS_PACKS = 31;

  private final NearestNeighbourIndex index;
  private final DescriptorMap queryMap;
  private final SimilarityKernel kernel;
  private final int dimension;
  private final int coneSize;

  private final float[] queries;
  private final double[] norms = new double[GROUP];
  private final float[] best = new float[GROUP];
  private final int[] bestPixel = new int[GROUP];

  /** The queries' directions as {@code [dimension][16]}. */
  private final float[] directions;

  private final Reaches reaches;
  private final int[] reached = new int[GROUP];

  private final float[] regionCosines;
  private final int[] remaining;
  private final float[] groupCosines;
  private final float[] nearest;

  /** For each group of a region how many queries are compared with it, and which. */
  private final int[] comparing = new int[GROUPS];

  private final int[] comrades = new int[GROUPS * COMRADES];

  /** Queries and groups that wait for others to be compared with them. */
  private final int[] pairQueries = new int[BLOCK];

  private final int[] pairGroups = new int[BLOCK];
  private int pairs;

  private final float[] similarities = new float[BLOCK * GROUP];

  /** Packs to go without looking for what can be skipped. */
  private int hopeless;

  NearestNeighbourSearch(
      NearestNeighbourIndex index, DescriptorMap queryMap, SimilarityKernel kernel) {
    this.index = index;
    this.queryMap = queryMap;
    this.kernel = kernel;
    this.dimension = index.dimension();
    this.coneSize = index.dimension() + 2;
    this.queries = new float[GROUP * dimension];
    this.directions = new float[GROUP * dimension];
    this.reaches = new Reaches(dimension);
    this.regionCosines = new float[GROUP * index.paddedRegions()];
    this.remaining = new int[index.regions()];
    this.groupCosines = new float[GROUP * GROUPS * index.regions()];
    this.nearest = new float[GROUP * index.regions()];
  }

  @Override
  public void search(int[] pixels, int from, int to, int[] answers) {
    for (int first = from; first < to; first += GROUP) {
      searchPack(pixels, first, Math.min(first + GROUP, to), answers);
    }
  }

  private void searchPack(int[] pixels, int from, int to, int[] answers) {
    int count = to - from;
    for (int query = 0; query < count; query++) {
      begin(query, pixels[from + query], answers[from + query]);
    }
    if (hopeless > 0) {
      hopeless--;
      compareWithAll(count);
    } else {
      visitNearestRegions(count);
      int regions = findRemainingRegions(count);
      visitNearestGroups(regions, count);
      visitRemainingGroups(regions, count);
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
      directions[k * GROUP + query] = (float) (queries[row + k] * scale);
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
    updateReach(query);
  }

  private void updateReach(int query) {
    double product = norms[query] * index.largestNorm();
    reaches.set(query, product > SMALLEST_PRODUCT ? best[query] / product : 0);
  }

  /** Compares each query with the region that has the nearest axis. */
  private void visitNearestRegions(int count) {
    kernel.project(
        index.regionCones(),
        0,
        index.paddedRegions(),
        dimension,
        directions,
        regionCosines,
        0,
        nearest,
        0);
    for (int query = 0; query < count; query++) {
      int region = nearestOf(query, regionCosines, 0, index.regions());
      for (int group = 0; group < GROUPS; group++) {
        comparePair(query, region * GROUPS + group);
      }
    }
    comparePairsLeft();
  }

  /** Returns which of the axes is nearest to a query, given all queries' cosines to each. */
  private static int nearestOf(int query, float[] cosines, int from, int axes) {
    int nearestAxis = 0;
    float largest = Float.NEGATIVE_INFINITY;
    for (int axis = 0; axis < axes; axis++) {
      float cosine = cosines[from + axis * GROUP + query];
      if (cosine > largest) {
        largest = cosine;
        nearestAxis = axis;
      }
    }
    return nearestAxis;
  }

  /** Lists the regions that may hold the best of any query. */
  private int findRemainingRegions(int count) {
    int regions = 0;
    for (int first = 0; first < index.regions(); first += GROUP) {
      int chunk = Math.min(GROUP, index.regions() - first);
      kernel.reach(
          index.regionCones(),
          first * coneSize,
          chunk,
          dimension,
          regionCosines,
          first * GROUP,
          reaches.values(),
          reaches.threshold(),
          reached);
      int any = 0;
      for (int query = 0; query < count; query++) {
        any |= reached[query];
      }
      for (int region = 0; region < chunk; region++) {
        if ((any >> (chunk - 1 - region) & 1) != 0) {
          remaining[regions++] = first + region;
        }
      }
    }
    return regions;
  }

  /** Compares each query with the group that has the nearest axis in the remaining regions. */
  private void visitNearestGroups(int regions, int count) {
    for (int i = 0; i < regions; i++) {
      kernel.project(
          index.groupCones(),
          remaining[i] * GROUPS * coneSize,
          GROUPS,
          dimension,
          directions,
          groupCosines,
          i * GROUPS * GROUP,
          nearest,
          i * GROUP);
    }
    for (int query = 0; query < count && regions > 0; query++) {
      int i = nearestOf(query, nearest, 0, regions);
      int group = nearestOf(query, groupCosines, i * GROUPS * GROUP, GROUPS);
      comparePair(query, remaining[i] * GROUPS + group);
    }
    comparePairsLeft();
  }

  /** Compares each query with the groups of the remaining regions that may hold its best. */
  private void visitRemainingGroups(int regions, int count) {
    long compared = 0;
    for (int i = 0; i < regions; i++) {
      kernel.reach(
          index.groupCones(),
          remaining[i] * GROUPS * coneSize,
          GROUPS,
          dimension,
          groupCosines,
          i * GROUPS * GROUP,
          reaches.values(),
          reaches.threshold(),
          reached);
      int any = 0;
      for (int query = 0; query < count; query++) {
        for (int left = reached[query]; left != 0; left &= left - 1) {
          int group = GROUPS - 1 - Integer.numberOfTrailingZeros(left);
          comrades[group * COMRADES + comparing[group]++] = query;
        }
        any |= reached[query];
      }
      for (int left = any; left != 0; left &= left - 1) {
        int group = GROUPS - 1 - Integer.numberOfTrailingZeros(left);
        compared += comparing[group];
        compareComrades(remaining[i] * GROUPS + group, group * COMRADES, comparing[group]);
        comparing[group] = 0;
      }
    }
    comparePairsLeft();
    if (8 * compared > 7L * count * GROUPS * index.regions()) {
      // neighbours without likeness: looking for what can be skipped costs more than it saves
      hopeless = HOPELESS_PACKS;
    }
  }

  private void compareComrades(int group, int list, int count) {
    int inBlocks = count / BLOCK * BLOCK;
    if (count % BLOCK == BLOCK - 1) {
      comrades[list + count] = comrades[list];
      inBlocks = count + 1;
    }
    for (int first = 0; first < inBlocks; first += BLOCK) {
      compareBlock(comrades, list + first, group);
    }
    for (int i = inBlocks; i < count; i++) {
      comparePair(comrades[list + i], group);
    }
  }

  private void compareWithAll(int count) {
    for (int i = 0; i < GROUP; i++) {
      comrades[i] = Math.min(i, count - 1);
    }
    for (int group = 0; group < GROUPS * index.regions(); group++) {
      for (int first = 0; first < count; first += BLOCK) {
        compareBlock(comrades, first, group);
      }
    }
  }

  private void compareBlock(int[] members, int first, int group) {
    int better =
        kernel.compare(
            queries,
            dimension,
            members,
            first,
            dimension,
            index.points(),
            group * GROUP * dimension,
            best,
            similarities);
    for (int left = better; left != 0; left &= left - 1) {
      int i = Integer.numberOfTrailingZeros(left);
      keepBest(members[first + i], i * GROUP, group);
    }
  }

  private void comparePair(int query, int group) {
    pairQueries[pairs] = query;
    pairGroups[pairs++] = group * GROUP * dimension;
    if (pairs == BLOCK) {
      comparePairs();
    }
  }

  private void comparePairsLeft() {
    if (pairs > 0) {
      Arrays.fill(pairQueries, pairs, BLOCK, pairQueries[0]);
      Arrays.fill(pairGroups, pairs, BLOCK, pairGroups[0]);
      comparePairs();
    }
  }

  private void comparePairs() {
    pairs = 0;
    int better =
        kernel.comparePairs(
            queries,
            dimension,
            pairQueries,
            pairGroups,
            0,
            dimension,
            index.points(),
            best,
            similarities);
    for (int left = better; left != 0; left &= left - 1) {
      int i = Integer.numberOfTrailingZeros(left);
      keepBest(pairQueries[i], i * GROUP, pairGroups[i] / (GROUP * dimension));
    }
  }

  private void keepBest(int query, int from, int group) {
    float before = best[query];
    for (int i = 0; i < GROUP; i++) {
      float similarity = similarities[from + i];
      if (similarity >= best[query]) {
        int pixel = index.pixel(group, i);
        if (similarity > best[query] || pixel < bestPixel[query]) {
          best[query] = similarity;
          bestPixel[query] = pixel;
        }
      }
    }
    if (best[query] > before) {
      updateReach(query);
    }
  }
}
