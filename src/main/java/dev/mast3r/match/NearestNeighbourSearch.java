package dev.mast3r.match;

import static dev.mast3r.match.NearestNeighbourIndex.CELLS;
import static dev.mast3r.match.NearestNeighbourIndex.QUADS;
import static dev.mast3r.match.NearestNeighbourIndex.REGION;
import static dev.mast3r.match.SimilarityKernel.BLOCK;
import static dev.mast3r.match.SimilarityKernel.GROUP;
import static dev.mast3r.match.SimilarityKernel.PACK;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * Exact nearest neighbours of 128 queries at a time, close together in their image, so that they
 * need the same cones and groups of points while these are in the cache.
 *
 * <p>The largest similarity found so far, s, rules out every cone that the angle w with {@code cos
 * w = s / (|q| N)} does not reach ({@link Reaches}). So a good s comes first: from the groups
 * around the candidate or, without one, from the cell with the nearest axis. With that s few groups
 * remain, on the bundled model's maps a few of a hundred, and of these most have no quad that is
 * within reach. Queries are held against cones in packs and compared with groups in blocks of 4.
 *
 * <p>An instance serves one thread.
 */
final class NearestNeighbourSearch implements NeighbourTable.Search {

  private static final int GROUPS = REGION / GROUP;
  private static final int PACKS = QUERIES / PACK;

  /** Around a candidate, in pixels: as far as the groups on all sides of it. */
  private static final int NEAR = 2;

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

  /** Queries as the kernel holds them against cones. */
  private static final class Pack {

    /** As {@code [dimension][PACK]}, and two rows more that {@link Reaches} keeps. */
    private final float[] directions;

    private final Reaches reaches;
    private int count;

    /** Whether each query has a candidate. */
    private boolean guided;

    Pack(NearestNeighbourIndex index) {
      this.directions = new float[PACK * (index.dimension() + 2)];
      this.reaches = new Reaches(directions, index.dimension());
    }
  }

  private final Pack[] packs = new Pack[PACKS];

  /**
   * For each region the cells where a query may find its best, as 4 bits for each pack, from the
   * last cell on.
   */
  private final int[] aliveCells;

  /** Of a pack to the axes of a region's cells. */
  private final float[] cosines = new float[PACK * CELLS];

  /** Of each query of a pack the largest cosine to an axis, and of which cell. */
  private final float[] largest = new float[PACK];

  private final int[] nearestCell = new int[PACK];

  private final int[] reached = new int[PACK];
  private final int[] reachedQuads = new int[PACK];

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
    this.aliveCells = new int[index.regions()];
    Arrays.setAll(packs, pack -> new Pack(index));
  }

  @Override
  public void search(int[] pixels, int from, int to, int[] answers) {
    int count = to - from;
    int inUse = (count + PACK - 1) / PACK;
    for (int pack = 0; pack < inUse; pack++) {
      packs[pack].count = Math.min(PACK, count - pack * PACK);
      packs[pack].guided = true;
    }
    for (int spare = count; spare < inUse * PACK; spare++) {
      packs[inUse - 1].reaches.setNowhere(spare % PACK);
    }
    for (int query = 0; query < count; query++) {
      begin(query, pixels[from + query], answers[from + query]);
    }
    comparePairsLeft();
    if (!index.isSmooth() || hopeless > 0) {
      hopeless = Math.max(0, hopeless - 1);
      compareWithAll(count);
    } else {
      Arrays.fill(aliveCells, 0);
      for (int pack = 0; pack < inUse; pack++) {
        if (!packs[pack].guided) {
          visitNearestCells(pack);
        }
        findAliveCells(pack);
      }
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
    best[query] = Float.NEGATIVE_INFINITY;
    bestPixel[query] = Integer.MAX_VALUE;
    updateReach(query);
    if (candidate < 0) {
      packs[query / PACK].guided = false;
    } else {
      visitGroupsAround(query, candidate);
    }
  }

  /** Compares a query with the groups, up to four, that meet around a pixel. */
  private void visitGroupsAround(int query, int pixel) {
    int width = index.map().width();
    int x = pixel % width;
    int y = pixel / width;
    int left = Math.max(0, x - NEAR);
    int right = Math.min(width - 1, x + NEAR);
    int top = Math.max(0, y - NEAR) * width;
    int bottom = Math.min(index.map().height() - 1, y + NEAR) * width;
    int a = index.groupOf(top + left);
    int b = index.groupOf(top + right);
    int c = index.groupOf(bottom + left);
    int d = index.groupOf(bottom + right);
    if (a >= 0) {
      comparePair(query, a);
    }
    if (b >= 0 && b != a) {
      comparePair(query, b);
    }
    if (c >= 0 && c != a && c != b) {
      comparePair(query, c);
    }
    if (d >= 0 && d != a && d != b && d != c) {
      comparePair(query, d);
    }
  }

  private void updateReach(int query) {
    double product = norms[query] * index.largestNorm();
    packs[query / PACK].reaches.set(
        query % PACK, product > SMALLEST_PRODUCT ? best[query] / product : 0);
  }

  /** Compares each query of a pack with the cell that has the nearest axis. */
  private void visitNearestCells(int number) {
    Pack pack = packs[number];
    Arrays.fill(largest, Float.NEGATIVE_INFINITY);
    for (int region = 0; region < index.regions(); region++) {
      int first = region * CELLS;
      kernel.project(
          index.cellCones(), first * coneSize, CELLS, dimension, pack.directions, cosines, 0);
      for (int cell = 0; cell < CELLS; cell++) {
        for (int i = 0; i < PACK; i++) {
          float cosine = cosines[cell * PACK + i];
          nearestCell[i] = cosine > largest[i] ? first + cell : nearestCell[i];
          largest[i] = Math.max(largest[i], cosine);
        }
      }
    }
    for (int i = 0; i < pack.count; i++) {
      for (int group = 0; group < BLOCK; group++) {
        comparePair(number * PACK + i, nearestCell[i] * BLOCK + group);
      }
    }
    comparePairsLeft();
  }

  /** Finds for each region the cells that may hold the best of a query of a pack. */
  private void findAliveCells(int number) {
    Pack pack = packs[number];
    float threshold = pack.reaches.threshold();
    for (int region = 0; region < index.regions(); region++) {
      int start = region * CELLS * coneSize;
      int any =
          kernel.within(index.cellCones(), start, dimension, pack.directions, threshold, reached);
      aliveCells[region] |= any << (number * CELLS);
    }
  }

  private int aliveCells(int region, int number) {
    return aliveCells[region] >> (number * CELLS) & (1 << CELLS) - 1;
  }

  /** Compares each query with the groups of the remaining cells that may hold its best. */
  private void visitRemainingGroups(int count) {
    long compared = 0;
    for (int region = 0; region < index.regions(); region++) {
      int any = 0;
      if (aliveCells[region] != 0) {
        for (int number = 0; number < PACKS; number++) {
          int alive = aliveCells(region, number);
          any |= alive == 0 ? 0 : listComrades(region, alive, number);
        }
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
  private int listComrades(int region, int alive, int number) {
    int listed = 0;
    for (int left = alive; left != 0; left &= left - 1) {
      int cell = CELLS - 1 - Integer.numberOfTrailingZeros(left);
      listed |= listComradesOfCell(region, cell, number);
    }
    return listed;
  }

  /** As {@link #listComrades}, of one of the region's cells. */
  private int listComradesOfCell(int region, int cell, int number) {
    Pack pack = packs[number];
    float[] directions = pack.directions;
    float threshold = pack.reaches.threshold();
    int firstGroup = (region * CELLS + cell) * BLOCK;
    int start = firstGroup * coneSize;
    int any = kernel.within(index.groupCones(), start, dimension, directions, threshold, reached);
    int listed = 0;
    for (int left = any; left != 0; left &= left - 1) {
      int bit = Integer.numberOfTrailingZeros(left);
      int group = BLOCK - 1 - bit;
      int quads = (firstGroup + group) * QUADS * coneSize;
      int anyQuad =
          kernel.within(index.quadCones(), quads, dimension, directions, threshold, reachedQuads);
      if (anyQuad != 0) {
        listMembers(cell * BLOCK + group, bit, number * PACK);
        listed |= 1 << (GROUPS - 1 - cell * BLOCK - group);
      }
    }
    return listed;
  }

  /** Lists the queries that reach a group of a cell and a quad of the group. */
  private void listMembers(int group, int bit, int firstQuery) {
    int list = group * COMRADES;
    int count = comparing[group];
    for (int i = 0; i < PACK; i++) {
      comrades[list + count] = firstQuery + i;
      count += (reached[i] >> bit) & (-reachedQuads[i] >>> (Integer.SIZE - 1));
    }
    comparing[group] = count;
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
