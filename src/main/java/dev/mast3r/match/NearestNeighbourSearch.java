package dev.mast3r.match;

import static dev.mast3r.match.NearestNeighbourIndex.REGION;
import static dev.mast3r.match.SimilarityKernel.BLOCK;
import static dev.mast3r.match.SimilarityKernel.GROUP;

import dev.mast3r.dense.DescriptorMap;
import java.util.Arrays;

/**
 * Exact nearest neighbours of 64 queries at a time, close together in their image so that they need
 * the same regions of the index while these are in the cache.
 *
 * <p>The largest similarity found so far, s, rules out every cone that the angle w with {@code cos
 * w = s / (|q| N)} does not reach ({@link Probes}). Each query first visits the region with the
 * nearest axis, which gives an s hardly below the final one. Then come all regions in turn: what no
 * query of a pack of 16 can reach is ruled out for the pack, a region and then a group of points
 * that a query cannot reach for the query. Four queries are compared with a group at once.
 *
 * <p>An instance serves one thread.
 */
final class NearestNeighbourSearch implements NeighbourTable.Search {

  private static final int PACK = QUERIES / BLOCK;

  /** Room for all queries and for the last one's repetitions that fill a block. */
  private static final int COMRADES = QUERIES + BLOCK;

  private static final int[] FIRST_FOUR = {0, 1, 2, 3};

  /** Products of norms below this may hide underflow; such queries skip nothing. */
  private static final double SMALLEST_PRODUCT = 1e-30;

  private final NearestNeighbourIndex index;
  private final DescriptorMap queryMap;
  private final SimilarityKernel kernel;
  private final int dimension;
  private final int stride;
  private final double largestNorm;

  private final float[] queries;
  private final double[] norms = new double[QUERIES];
  private final float[] best = new float[QUERIES];
  private final int[] bestPixel = new int[QUERIES];
  private final Probes probes;
  private final Probes packProbes;
  private final Cone packCone;
  private final float[] axisCosines;

  private final int[] alivePacks = new int[GROUP];
  private final int[] alive = new int[QUERIES + BLOCK];

  /** For each group of a region how many queries are compared with it, and which. */
  private final int[] comparing = new int[GROUP];

  private final int[] comrades = new int[GROUP * COMRADES];
  private final float[] similarities = new float[BLOCK * GROUP];

  /** Of the (query, group) pairs that were probed, how many were ruled out. */
  private int probed;

  private int ruledOut;

  NearestNeighbourSearch(
      NearestNeighbourIndex index, DescriptorMap queryMap, SimilarityKernel kernel) {
    this.index = index;
    this.queryMap = queryMap;
    this.kernel = kernel;
    this.dimension = index.dimension();
    this.stride = index.paddedRegions();
    this.largestNorm = index.largestNorm();
    this.queries = new float[QUERIES * dimension];
    this.probes = new Probes(QUERIES, dimension);
    this.packProbes = new Probes(BLOCK, dimension);
    this.packCone = new Cone(dimension);
    this.axisCosines = new float[QUERIES * stride];
  }

  @Override
  public void search(int[] pixels, int from, int to, int[] answers) {
    int count = to - from;
    probed = 0;
    ruledOut = 0;
    for (int query = 0; query < count; query++) {
      begin(query, pixels[from + query], answers[from + query]);
    }
    findAxisCosines(count);
    for (int query = 0; query < count; query++) {
      int nearest = nearestAxis(query);
      if (mayHoldBest(query, nearest)) {
        alive[0] = query;
        visit(nearest, 1);
      }
    }
    for (int pack = 0; pack < BLOCK; pack++) {
      enclosePack(pack, count);
    }
    for (int first = 0; first < index.regions(); first += GROUP) {
      findAlivePacks(first);
      for (int region = first; region < Math.min(first + GROUP, index.regions()); region++) {
        int remaining = findAliveQueries(region, alivePacks[region - first], count);
        if (remaining > 0) {
          visit(region, remaining);
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
    probes.direct(query, queries, row, squaredNorm > 0 ? 1 / norms[query] : 0);
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
    double product = norms[query] * largestNorm;
    probes.reach(query, product > SMALLEST_PRODUCT ? best[query] / product : 0);
  }

  private void findAxisCosines(int count) {
    for (int query = 0; query < count; query++) {
      alive[query] = query;
    }
    fillBlock(alive, 0, count);
    int cones = GROUP * probes.size();
    for (int first = 0; first < count; first += BLOCK) {
      for (int group = 0; group < stride / GROUP; group++) {
        kernel.compare(
            probes.values(),
            probes.size(),
            alive,
            first,
            dimension,
            index.regionCones(),
            group * cones,
            probes.thresholds(),
            similarities);
        for (int i = 0; i < Math.min(BLOCK, count - first); i++) {
          System.arraycopy(
              similarities, i * GROUP, axisCosines, (first + i) * stride + group * GROUP, GROUP);
        }
      }
    }
  }

  /** Repeats the last of a list's members until the last block is full. */
  private static void fillBlock(int[] members, int from, int count) {
    for (int i = count; i % BLOCK != 0; i++) {
      members[from + i] = members[from + count - 1];
    }
  }

  private int nearestAxis(int query) {
    int row = query * stride;
    int nearest = 0;
    for (int region = 1; region < index.regions(); region++) {
      if (axisCosines[row + region] > axisCosines[row + nearest]) {
        nearest = region;
      }
    }
    return nearest;
  }

  private boolean mayHoldBest(int query, int region) {
    return probes.mayReach(
        query,
        axisCosines[query * stride + region],
        index.regionCos(region),
        index.regionSin(region));
  }

  /** A pack reaches, from the axis of its queries' cone, as far as the farthest of them can. */
  private void enclosePack(int pack, int count) {
    int from = pack * PACK;
    int to = Math.min(from + PACK, count);
    float smallestCos = 1;
    for (int query = from; query < to; query++) {
      smallestCos = Math.min(smallestCos, probes.isBounded(query) ? probes.cosReach(query) : 0);
    }
    double cos = 0;
    if (from < to && smallestCos > 0) {
      packCone.enclose(probes.values(), from, to, probes.size());
      double sin = Math.sqrt((1.0 - smallestCos) * (1.0 + smallestCos));
      cos = smallestCos * packCone.cos() - sin * packCone.sin();
      packProbes.direct(pack, packCone.axis(), 0, 1);
    }
    packProbes.reach(pack, cos);
  }

  /** Finds for each of 16 regions the packs that may reach it, as bits. */
  private void findAlivePacks(int firstRegion) {
    int size = packProbes.size();
    comparePacks(index.regionCones(), firstRegion / GROUP * GROUP * size);
    for (int region = 0; region < GROUP; region++) {
      alivePacks[region] = packsThatReach(region);
    }
  }

  private void comparePacks(float[] cones, int first) {
    kernel.compare(
        packProbes.values(),
        packProbes.size(),
        FIRST_FOUR,
        0,
        packProbes.size(),
        cones,
        first,
        packProbes.thresholds(),
        similarities);
  }

  private int packsThatReach(int cone) {
    int packs = 0;
    for (int pack = 0; pack < BLOCK; pack++) {
      if (!packProbes.isBounded(pack)
          || similarities[pack * GROUP + cone] >= packProbes.threshold()) {
        packs |= 1 << pack;
      }
    }
    return packs;
  }

  /** Lists the queries of the given packs whose best a region may hold. */
  private int findAliveQueries(int region, int packs, int count) {
    if (packs == 0) {
      return 0;
    }
    int reaching = 0;
    comparePacks(index.groupCones(), region * GROUP * packProbes.size());
    for (int group = 0; group < GROUP; group++) {
      reaching |= packsThatReach(group);
    }
    int remaining = 0;
    for (int left = packs & reaching; left != 0; left &= left - 1) {
      int from = Integer.numberOfTrailingZeros(left) * PACK;
      for (int query = from; query < Math.min(from + PACK, count); query++) {
        if (mayHoldBest(query, region)) {
          alive[remaining++] = query;
        }
      }
    }
    return remaining;
  }

  /** Compares the first {@code count} of the alive queries with what may hold their best. */
  private void visit(int region, int count) {
    if (probed > GROUP * REGION && ruledOut < probed / 8) {
      // neighbours without likeness: probing costs more than it saves
      for (int group = 0; group < GROUP; group++) {
        System.arraycopy(alive, 0, comrades, group * COMRADES, count);
      }
      Arrays.fill(comparing, count);
    } else {
      findComrades(region, count);
    }
    for (int group = 0; group < GROUP; group++) {
      if (comparing[group] > 0) {
        visitGroup(region, group, comparing[group]);
      }
    }
  }

  /** Lists for each group of a region the alive queries whose best it may hold. */
  private void findComrades(int region, int count) {
    Arrays.fill(comparing, 0);
    fillBlock(alive, 0, count);
    int size = probes.size();
    for (int first = 0; first < count; first += BLOCK) {
      int reached =
          kernel.compare(
              probes.values(),
              size,
              alive,
              first,
              size,
              index.groupCones(),
              region * size * GROUP,
              probes.thresholds(),
              similarities);
      for (int i = 0; i < Math.min(BLOCK, count - first); i++) {
        int query = alive[first + i];
        boolean bounded = probes.isBounded(query);
        if (!bounded || (reached >> i & 1) != 0) {
          float threshold = bounded ? probes.threshold() : Float.NEGATIVE_INFINITY;
          for (int group = 0; group < GROUP; group++) {
            // without a branch, which could not be foreseen: the next one overwrites a wrong entry
            comrades[group * COMRADES + comparing[group]] = query;
            comparing[group] += similarities[i * GROUP + group] >= threshold ? 1 : 0;
          }
        }
      }
    }
    probed += GROUP * count;
    ruledOut += GROUP * count;
    for (int group = 0; group < GROUP; group++) {
      ruledOut -= comparing[group];
    }
  }

  private void visitGroup(int region, int group, int count) {
    int start = (region * (REGION / GROUP) + group) * GROUP * dimension;
    int list = group * COMRADES;
    fillBlock(comrades, list, count);
    for (int first = 0; first < count; first += BLOCK) {
      int reached =
          kernel.compare(
              queries,
              dimension,
              comrades,
              list + first,
              dimension,
              index.points(),
              start,
              best,
              similarities);
      for (int left = reached; left != 0; left &= left - 1) {
        int i = Integer.numberOfTrailingZeros(left);
        keepBest(comrades[list + first + i], i * GROUP, region, group * GROUP);
      }
    }
  }

  private void keepBest(int query, int from, int region, int firstPoint) {
    float before = best[query];
    for (int i = 0; i < GROUP; i++) {
      float similarity = similarities[from + i];
      if (similarity >= best[query]) {
        int pixel = index.pixel(region, firstPoint + i);
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
