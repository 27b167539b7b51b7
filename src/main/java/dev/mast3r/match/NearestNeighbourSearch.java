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
 * Exact nearest neighbours of up to 512 queries at a time, close together in their image, so that
 * they need the same cones and groups of points while these are in the cache.
 *
 * <p>The largest similarity found so far, s, rules out every cone that the angle w with {@code cos
 * w = s / (|q| N)} does not reach ({@link Directions}). So a good s comes first: from the groups
 * around the candidate or, without one, from the cell with the nearest axis. With that s few groups
 * remain, on the bundled model's maps a few of a hundred, and of these most have no quad that is
 * within reach. All queries are held against all cells, in packs. Of 32 neighbours one or the other
 * reaches nearly every cell, so that from there on each goes its own way: those that reach a cell
 * of a region are listed and held against its groups, those that reach a group of a cell against
 * its quads, and those that reach a quad are compared with its group. Only where nearly all of a
 * pack reach the same few parts it stays together.
 *
 * <p>An instance serves one thread.
 */
final class NearestNeighbourSearch implements NeighbourTable.Search {

  private static final int GROUPS = REGION / GROUP;
  private static final int PACKS = QUERIES / PACK;

  /** Around a candidate, in pixels: as far as the groups on all sides of it. */
  private static final int NEAR = 2;

  /** Queries that stay in the fastest cache while all groups go by. */
  private static final int CACHED = 128;

  /** A pack stays together where more queries reach each part that one of them reaches. */
  private static final int MANY = 6;

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

  private final Directions directions;

  /** Of each pack whether all its queries have a candidate. */
  private final boolean[] guided = new boolean[PACKS];

  /** Of each query of a pack the largest cosine to an axis, and of which cell. */
  private final float[] largest = new float[PACK];

  private final int[] nearestCell = new int[PACK];

  /** Of each query of a pack which of four cells it reaches, four groups, four quads. */
  private final int[] reachedCells = new int[PACK];

  private final int[] reachedGroups = new int[PACK];
  private final int[] reachedQuads = new int[PACK];

  /** The queries that reach a region, each of its cells, and each of its groups. */
  private final ReachingQueries inRegion = new ReachingQueries(QUERIES);

  private final ReachingQueries[] inCell = new ReachingQueries[CELLS];
  private final ReachingQueries[] inGroup = new ReachingQueries[GROUPS];

  /** Of each four queries of a list which of 16 cones they reach. */
  private final long[] reachedParts = new long[QUERIES / BLOCK];

  /** All queries, and some again that fill the last block. */
  private final int[] everyQuery = new int[QUERIES];

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
    this.directions = new Directions(QUERIES, dimension);
    Arrays.setAll(inCell, cell -> new ReachingQueries(QUERIES));
    Arrays.setAll(inGroup, group -> new ReachingQueries(QUERIES));
  }

  @Override
  public void search(int[] pixels, int from, int to, int[] answers) {
    int count = to - from;
    int inUse = (count + PACK - 1) / PACK;
    Arrays.fill(guided, true);
    for (int spare = count; spare < inUse * PACK; spare++) {
      directions.setNowhere(spare);
    }
    for (int query = 0; query < count; query++) {
      begin(query, pixels[from + query], answers[from + query]);
    }
    comparePairsLeft();
    if (!index.isSmooth() || hopeless > 0) {
      hopeless = Math.max(0, hopeless - 1);
      compareWithAll(count);
    } else {
      for (int pack = 0; pack < inUse; pack++) {
        if (!guided[pack]) {
          visitNearestCells(pack, Math.min(PACK, count - pack * PACK));
        }
      }
      visitRegions(count, inUse);
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
      directions.set(query, k, (float) (queries[row + k] * scale));
    }
    best[query] = Float.NEGATIVE_INFINITY;
    bestPixel[query] = Integer.MAX_VALUE;
    updateReach(query);
    if (candidate < 0) {
      guided[query / PACK] = false;
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
    directions.setReach(query, product > SMALLEST_PRODUCT ? best[query] / product : 0);
  }

  /** Compares each query of a pack with the cell that has the nearest axis. */
  private void visitNearestCells(int pack, int count) {
    Arrays.fill(largest, Float.NEGATIVE_INFINITY);
    for (int region = 0; region < index.regions(); region++) {
      int first = region * CELLS;
      kernel.keepNearest(
          index.cellCones(),
          first * coneSize,
          CELLS,
          dimension,
          directions.pack(pack),
          first,
          largest,
          nearestCell);
    }
    for (int i = 0; i < count; i++) {
      for (int group = 0; group < BLOCK; group++) {
        comparePair(pack * PACK + i, nearestCell[i] * BLOCK + group);
      }
    }
    comparePairsLeft();
  }

  /** Compares each query with the groups that may hold its best. */
  private void visitRegions(int count, int packs) {
    long compared = 0;
    for (int region = 0; region < index.regions(); region++) {
      boolean any = false;
      for (int pack = 0; pack < packs; pack++) {
        any |= visitCells(region, pack);
      }
      if (!any) {
        continue;
      }
      descend(inRegion, index.groupCones(), region, inCell, 0);
      for (int cell = 0; cell < CELLS; cell++) {
        descend(inCell[cell], index.quadCones(), region * CELLS + cell, inGroup, cell * BLOCK);
      }
      for (int group = 0; group < GROUPS; group++) {
        compared += inGroup[group].count();
        compareGroup(inGroup[group], region * GROUPS + group);
      }
    }
    comparePairsLeft();
    if (8 * compared > 7L * count * GROUPS * index.regions()) {
      // neighbours without likeness: looking for what can be skipped costs more than it saves
      hopeless = HOPELESS_SEARCHES;
    }
  }

  /**
   * Lists the queries of a pack that reach cells of a region, or goes on with all of them.
   *
   * @return whether there are any
   */
  private boolean visitCells(int region, int pack) {
    int any = within(index.cellCones(), region * CELLS * coneSize, CELLS, pack, reachedCells);
    if (any != 0 && !list(inRegion, pack, reachedCells, any)) {
      for (int left = any; left != 0; left &= left - 1) {
        visitGroups(region, Integer.numberOfTrailingZeros(left), pack);
      }
    }
    return any != 0;
  }

  /** As {@link #visitCells}, of groups of a cell. */
  private void visitGroups(int region, int cell, int pack) {
    int first = region * GROUPS * coneSize + cell * BLOCK;
    int any = within(index.groupCones(), first, GROUPS, pack, reachedGroups);
    if (any != 0 && !list(inCell[cell], pack, reachedGroups, any)) {
      for (int left = any; left != 0; left &= left - 1) {
        visitQuads(region, cell * BLOCK + Integer.numberOfTrailingZeros(left), pack);
      }
    }
  }

  private void visitQuads(int region, int group, int pack) {
    int cell = region * CELLS + group / BLOCK;
    int first = cell * GROUPS * coneSize + group % BLOCK * QUADS;
    if (within(index.quadCones(), first, GROUPS, pack, reachedQuads) != 0) {
      inGroup[group].addAll(pack * PACK, reachedQuads);
    }
  }

  private int within(float[] cones, int first, int step, int pack, int[] reached) {
    return kernel.within(
        cones, first, step, coneSize, directions.pack(pack), directions.threshold(), reached);
  }

  /**
   * Lists the queries of a pack that reach some of four parts, unless they are so many that they
   * had better stay together.
   */
  private static boolean list(ReachingQueries list, int pack, int[] reached, int any) {
    int before = list.count();
    list.addAll(pack * PACK, reached);
    if (list.count() - before > MANY * Integer.bitCount(any)) {
      list.shorten(before);
      return false;
    }
    return true;
  }

  /**
   * Holds queries against a block of 16 cones, of the parts that they reach, and lists those that
   * reach some in four lists, one for each four cones; the first list becomes empty.
   */
  private void descend(
      ReachingQueries from, float[] cones, int block, ReachingQueries[] to, int first) {
    int[] members = from.filledUp();
    kernel.reach(
        directions.rows(),
        members,
        from.count(),
        coneSize,
        cones,
        block * coneSize * GROUP,
        directions.threshold(),
        reachedParts);
    for (int i = 0; i * BLOCK < from.count(); i++) {
      long left = reachedParts[i] & from.parts(i * BLOCK);
      while (left != 0) {
        int four = Long.numberOfTrailingZeros(left) / BLOCK;
        long bits = (left >>> (four * BLOCK)) & ((1 << BLOCK) - 1);
        to[first + four % BLOCK].add(members[i * BLOCK + four / BLOCK], (int) bits);
        left -= bits << (four * BLOCK);
      }
    }
    from.shorten(0);
  }

  private void compareGroup(ReachingQueries reaching, int group) {
    int count = reaching.count();
    int whole = count % BLOCK == BLOCK - 1 ? count + 1 : count / BLOCK * BLOCK;
    int[] members = reaching.filledUp();
    for (int i = 0; i < whole; i += BLOCK) {
      compareBlock(members, i, group);
    }
    for (int i = whole; i < count; i++) {
      comparePair(members[i], group);
    }
    reaching.shorten(0);
  }

  private void compareWithAll(int count) {
    for (int i = 0; i < QUERIES; i++) {
      everyQuery[i] = Math.min(i, count - 1);
    }
    for (int from = 0; from < count; from += CACHED) {
      int end = Math.min(from + CACHED, count);
      for (int group = 0; group < GROUPS * index.regions(); group++) {
        for (int first = from; first < end; first += BLOCK) {
          compareBlock(everyQuery, first, group);
        }
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
