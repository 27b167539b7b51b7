package dev.mast3r.match;

import static dev.mast3r.match.NearestNeighbourIndex.REGION;
import static dev.mast3r.match.SimilarityKernel.BLOCK;
import static dev.mast3r.match.SimilarityKernel.GROUP;
import static dev.mast3r.match.SimilarityKernel.PACK;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * Exact nearest neighbours of 128 queries at a time, close together in their image, so that they
 * need the same groups of points while these are in the cache: memory is what limits the search.
 *
 * <p>The largest similarity found so far, s, rules out every cone that the angle w with {@code cos
 * w = s / (|q| N)} does not reach ({@link Reaches}). So a good s comes first: from the region with
 * the nearest axis, then, of the regions that remain, from the group of points with the nearest
 * axis. With that s few groups remain, on the bundled model's maps a few of a hundred. Queries are
 * projected on axes in packs and compared with groups in blocks of 4.
 *
 * <p>An instance serves one thread.
 */
final class NearestNeighbourSearch implements NeighbourTable.Search {

  private static final int GROUPS = REGION / GROUP;
  private static final int PACKS = QUERIES / PACK;

  /** Room for all queries and for the repetitions that fill the last block. */
  private static final int COMRADES = QUERIES + BLOCK;

  /** Products of norms below this may hide underflow; such queries skip nothing. */
  private static final double SMALLEST_PRODUCT = 1e-30;

  /** Searches that compare everything after one that could skip next to nothing. */
  private static final int HOPELESS_SEARCHES = 15;

  private final NearestNeighbourIndex index;
  private final DescriptorMap queryMap;
  private final SimilarityKernel kernel;
  private final int dimension;
  private final int coneSize;

  private final float[] queries;
  private final double[] norms = new double[QUERIES];
  private final float[] best = new float[QUERIES];
  private final int[] bestPixel = new int[QUERIES];

  /** Queries as the kernel projects them. */
  private static final class Pack {

    /** As {@code [dimension][PACK]}. */
    private final float[] directions;

    private final Reaches reaches;
    private final float[] regionCosines;

    /** Of each region's groups the largest cosine to the axes, as {@code [region][PACK]}. */
    private final float[] nearest;

    private int count;

    Pack(NearestNeighbourIndex index) {
      this.directions = new float[PACK * index.dimension()];
      this.reaches = new Reaches(index.dimension());
      this.regionCosines = new float[PACK * index.paddedRegions()];
      this.nearest = new float[PACK * index.regions()];
    }
  }

  private final Pack[] packs = new Pack[PACKS];

  /** For each region the packs that may find a best there, as bits. */
  private final int[] alivePacks;

  private final float[] groupCosines = new float[PACK * GROUPS];
  private final float[] nearestGroup = new float[PACK];
  private final int[] reached = new int[PACK];

  /** For each group of a region how many queries are compared with it, and which. */
  private final int[] comparing = new int[GROUPS];

  private final int[] comrades = new int[GROUPS * COMRADES];

  /** Queries and groups that wait for others to be compared with them. */
  private final int[] pairQueries = new int[BLOCK];

  private final int[] pairGroups = new int[BLOCK];
  private int pairs;

  private final float[] similarities = new float[BLOCK * GROUP];

  /** Searches to go without looking for what can be skipped. */
  private int hopeless;

  NearestNeighbourSearch(
      NearestNeighbourIndex index, DescriptorMap queryMap, SimilarityKernel kernel) {
    this.index = index;
    this.queryMap = queryMap;
    this.kernel = kernel;
    this.dimension = index.dimension();
    this.coneSize = index.dimension() + 2;
    this.queries = new float[QUERIES * dimension];
    this.alivePacks = new int[index.regions()];
    Arrays.setAll(packs, pack -> new Pack(index));
  }

  @Override
  public void search(int[] pixels, int from, int to, int[] answers) {
    int count = to - from;
    for (int query = 0; query < count; query++) {
      begin(query, pixels[from + query], answers[from + query]);
    }
    if (hopeless > 0) {
      hopeless--;
      compareWithAll(count);
    } else {
      int inUse = (count + PACK - 1) / PACK;
      for (int pack = 0; pack < inUse; pack++) {
        packs[pack].count = Math.min(PACK, count - pack * PACK);
        visitNearestRegions(pack);
      }
      findAlivePacks(inUse);
      visitNearestGroups(inUse);
      findAlivePacks(inUse);
      visitRemainingGroups(count);
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
    float[] directions = packs[query / PACK].directions;
    double scale = squaredNorm > 0 ? 1 / norms[query] : 0;
    for (int k = 0; k < dimension; k++) {
      directions[k * PACK + query % PACK] = (float) (queries[row + k] * scale);
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
    packs[query / PACK].reaches.set(
        query % PACK, product > SMALLEST_PRODUCT ? best[query] / product : 0);
  }

  /** Compares each query of a pack with the region that has the nearest axis. */
  private void visitNearestRegions(int number) {
    Pack pack = packs[number];
    kernel.project(
        index.regionCones(),
        0,
        index.paddedRegions(),
        dimension,
        pack.directions,
        pack.regionCosines,
        0,
        nearestGroup,
        0);
    for (int i = 0; i < pack.count; i++) {
      int region = nearestOf(i, pack.regionCosines, index.regions());
      for (int group = 0; group < GROUPS; group++) {
        comparePair(number * PACK + i, region * GROUPS + group);
      }
    }
    comparePairsLeft();
  }

  /** Returns which of the axes is nearest to a query of a pack, given all cosines. */
  private static int nearestOf(int query, float[] cosines, int axes) {
    int nearestAxis = 0;
    float largest = Float.NEGATIVE_INFINITY;
    for (int axis = 0; axis < axes; axis++) {
      float cosine = cosines[axis * PACK + query];
      if (cosine > largest) {
        largest = cosine;
        nearestAxis = axis;
      }
    }
    return nearestAxis;
  }

  /** Finds for each region the packs with a query whose best it may hold. */
  private void findAlivePacks(int inUse) {
    Arrays.fill(alivePacks, 0);
    for (int number = 0; number < inUse; number++) {
      Pack pack = packs[number];
      for (int first = 0; first < index.regions(); first += GROUP) {
        int chunk = Math.min(GROUP, index.regions() - first);
        kernel.reach(
            index.regionCones(),
            first * coneSize,
            chunk,
            dimension,
            pack.regionCosines,
            first * PACK,
            pack.reaches.values(),
            pack.reaches.threshold(),
            reached);
        int any = 0;
        for (int i = 0; i < pack.count; i++) {
          any |= reached[i];
        }
        for (int left = any; left != 0; left &= left - 1) {
          alivePacks[first + chunk - 1 - Integer.numberOfTrailingZeros(left)] |= 1 << number;
        }
      }
    }
  }

  /** Compares each query with the group that has the nearest axis in the remaining regions. */
  private void visitNearestGroups(int inUse) {
    for (int number = 0; number < inUse; number++) {
      Arrays.fill(packs[number].nearest, Float.NEGATIVE_INFINITY);
    }
    for (int region = 0; region < index.regions(); region++) {
      for (int left = alivePacks[region]; left != 0; left &= left - 1) {
        Pack pack = packs[Integer.numberOfTrailingZeros(left)];
        projectOnGroups(region, pack, pack.nearest, region * PACK);
      }
    }
    for (int number = 0; number < inUse; number++) {
      Pack pack = packs[number];
      for (int i = 0; i < pack.count; i++) {
        int region = nearestOf(i, pack.nearest, index.regions());
        projectOnGroups(region, pack, nearestGroup, 0);
        int group = nearestOf(i, groupCosines, GROUPS);
        comparePair(number * PACK + i, region * GROUPS + group);
      }
    }
    comparePairsLeft();
  }

  private void projectOnGroups(int region, Pack pack, float[] largest, int at) {
    kernel.project(
        index.groupCones(),
        region * GROUPS * coneSize,
        GROUPS,
        dimension,
        pack.directions,
        groupCosines,
        0,
        largest,
        at);
  }

  /** Compares each query with the groups of the remaining regions that may hold its best. */
  private void visitRemainingGroups(int count) {
    long compared = 0;
    for (int region = 0; region < index.regions(); region++) {
      int any = 0;
      for (int left = alivePacks[region]; left != 0; left &= left - 1) {
        any |= listComrades(region, Integer.numberOfTrailingZeros(left));
      }
      for (int left = any; left != 0; left &= left - 1) {
        int group = GROUPS - 1 - Integer.numberOfTrailingZeros(left);
        compared += comparing[group];
        compareComrades(region * GROUPS + group, group * COMRADES, comparing[group]);
        comparing[group] = 0;
      }
    }
    comparePairsLeft();
    if (8 * compared > 7L * count * GROUPS * index.regions()) {
      // neighbours without likeness: looking for what can be skipped costs more than it saves
      hopeless = HOPELESS_SEARCHES;
    }
  }

  /** Lists for each group of a region the queries of a pack whose best it may hold. */
  private int listComrades(int region, int number) {
    Pack pack = packs[number];
    projectOnGroups(region, pack, nearestGroup, 0);
    kernel.reach(
        index.groupCones(),
        region * GROUPS * coneSize,
        GROUPS,
        dimension,
        groupCosines,
        0,
        pack.reaches.values(),
        pack.reaches.threshold(),
        reached);
    int any = 0;
    for (int i = 0; i < pack.count; i++) {
      for (int left = reached[i]; left != 0; left &= left - 1) {
        int group = GROUPS - 1 - Integer.numberOfTrailingZeros(left);
        comrades[group * COMRADES + comparing[group]++] = number * PACK + i;
      }
      any |= reached[i];
    }
    return any;
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
    for (int i = 0; i < QUERIES; i++) {
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
