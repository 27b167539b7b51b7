package dev.mast3r.match;

import static dev.mast3r.match.SimilarityKernel.BLOCK;
import static dev.mast3r.match.SimilarityKernel.GROUP;

import dev.mast3r.dense.DescriptorMap;

/** A search that compares every query with every point by the same kernel, and skips nothing. */
final class ComparisonOfAll implements NeighbourTable.Search {

  /** Queries that stay in the fastest cache while all groups go by. */
  private static final int CACHED = 128;

  private final NearestNeighbourIndex index;
  private final DescriptorMap queryMap;
  private final SimilarityKernel kernel;
  private final float[] queries;
  private final int[] members = new int[CACHED];
  private final float[] best = new float[CACHED];
  private final int[] bestPixel = new int[CACHED];
  private final float[] similarities = new float[BLOCK * GROUP];

  private ComparisonOfAll(
      NearestNeighbourIndex index, DescriptorMap queryMap, SimilarityKernel kernel) {
    this.index = index;
    this.queryMap = queryMap;
    this.kernel = kernel;
    this.queries = new float[CACHED * index.dimension()];
  }

  /** Makes the same hops as {@link FastReciprocalMatcher}. */
  static PixelMatches match(
      DescriptorMap a, DescriptorMap b, int subsample, int threads, KernelChoice choice) {
    PixelMask maskA = PixelMask.all(a.width(), a.height());
    PixelMask maskB = PixelMask.all(b.width(), b.height());
    SimilarityKernel kernel = choice.kernel();
    try (WorkerTeam team = new WorkerTeam(threads)) {
      NearestNeighbourIndex indexA = NearestNeighbourIndex.of(a, maskA, team);
      NearestNeighbourIndex indexB = NearestNeighbourIndex.of(b, maskB, team);
      NeighbourTable nearestInB =
          new NeighbourTable(
              a.width(), a.height(), team, () -> new ComparisonOfAll(indexB, a, kernel));
      NeighbourTable nearestInA =
          new NeighbourTable(
              b.width(), b.height(), team, () -> new ComparisonOfAll(indexA, b, kernel));
      return new ReciprocalWalk(nearestInB, nearestInA)
          .match(new SeedGrid(maskA, maskB, subsample, SeedImages.A).inA(), new int[0]);
    }
  }

  @Override
  public void search(int[] pixels, int from, int to, int[] answers) {
    for (int start = from; start < to; start += CACHED) {
      searchFew(pixels, start, Math.min(start + CACHED, to), answers);
    }
  }

  private void searchFew(int[] pixels, int from, int to, int[] answers) {
    int dimension = index.dimension();
    int count = to - from;
    for (int query = 0; query < CACHED; query++) {
      members[query] = Math.min(query, count - 1);
      best[query] = Float.NEGATIVE_INFINITY;
      bestPixel[query] = Integer.MAX_VALUE;
      queryMap.copyInto(pixels[from + members[query]], queries, query * dimension);
    }
    for (int group = 0; group < NearestNeighbourIndex.REGION / GROUP * index.regions(); group++) {
      for (int first = 0; first < count; first += BLOCK) {
        compare(first, group);
      }
    }
    System.arraycopy(bestPixel, 0, answers, from, count);
  }

  private void compare(int first, int group) {
    int dimension = index.dimension();
    int reached =
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
    for (int left = reached; left != 0; left &= left - 1) {
      int i = Integer.numberOfTrailingZeros(left);
      keepBest(members[first + i], GROUP * i, group);
    }
  }

  private void keepBest(int query, int start, int group) {
    for (int j = 0; j < GROUP; j++) {
      float similarity = similarities[start + j];
      int pixel = index.pixel(group, j);
      if (similarity > best[query] || (similarity == best[query] && pixel < bestPixel[query])) {
        best[query] = similarity;
        bestPixel[query] = pixel;
      }
    }
  }
}
