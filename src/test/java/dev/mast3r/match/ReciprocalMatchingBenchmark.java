package dev.mast3r.match;

import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.dense.PairMaps;
import dev.mast3r.output.NpzRawMaps;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole matches, index and checks included, against a search that compares every pair with the same
 * kernel.
 *
 * <p>One match takes from tens of milliseconds to minutes, so single calls are timed. The first
 * ones run while the compiler is at work: three warm it up. {@code RANDOM} maps show what the
 * search costs where nothing can be skipped; {@code SMOOTH} ones change over 16 pixels, as
 * descriptors upsampled from patches do, with a little noise; {@code REAL} ones are read from the
 * file {@code maps} that {@code mast3r reconstruct A B --size N -o MAPS.npz} writes, whatever
 * {@code size} says. Run, after {@code mvn test-compile dependency:build-classpath
 * -Dmdep.outputFile=target/classpath}:
 *
 * <pre>{@code
 * java -cp target/test-classes:target/classes:$(cat target/classpath) org.openjdk.jmh.Main \
 *     ReciprocalMatchingBenchmark -p size=512x384 -p subsample=8 -p kind=SMOOTH,RANDOM
 * java -cp ... org.openjdk.jmh.Main ReciprocalMatchingBenchmark -p kind=REAL -p maps=MAPS.npz \
 *     -p size=512x384 -p subsample=8 -p kernel=VECTOR
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class ReciprocalMatchingBenchmark {

  /** What the maps are like. */
  public enum Kind {
    SMOOTH,
    RANDOM,
    REAL
  }

  @Param({"256x192", "512x384", "1024x768", "2048x1536"})
  public String size;

  @Param({"16", "8", "4", "1"})
  public int subsample;

  @Param({"1", "2"})
  public int threads;

  @Param({"SMOOTH", "RANDOM"})
  public Kind kind;

  @Param({"VECTOR", "SCALAR"})
  public KernelChoice kernel;

  @Param("")
  public String maps;

  private DescriptorMap a;
  private DescriptorMap b;

  @Setup
  public void makeMaps() {
    int width = Integer.parseInt(size.substring(0, size.indexOf('x')));
    int height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
    if (kind == Kind.REAL) {
      PairMaps real = NpzRawMaps.read(Path.of(maps)).maps();
      a = real.a().descriptors().orElseThrow();
      b = real.b().descriptors().orElseThrow();
    } else if (kind == Kind.SMOOTH) {
      a = SyntheticDescriptors.view(width, height, 24, 7, 20, 1.0, 16, 0.02, 3);
      b = SyntheticDescriptors.view(width, height, 24, 7, 40, 1.1, 16, 0.02, 4);
    } else {
      a = SyntheticDescriptors.random(width, height, 24, 1);
      b = SyntheticDescriptors.random(width, height, 24, 2);
    }
  }

  @Benchmark
  public PixelMatches match() {
    return new FastReciprocalMatcher(threads, kernel, SeedImages.A).match(a, b, subsample);
  }

  /** The same hops over a search that skips nothing. */
  @Benchmark
  public PixelMatches matchSkippingNothing() {
    PixelMask maskA = PixelMask.all(a.width(), a.height());
    PixelMask maskB = PixelMask.all(b.width(), b.height());
    try (WorkerTeam team = new WorkerTeam(threads)) {
      NearestNeighbourIndex indexA = NearestNeighbourIndex.of(a, maskA, team, kernel.kernel());
      NearestNeighbourIndex indexB = NearestNeighbourIndex.of(b, maskB, team, kernel.kernel());
      SimilarityKernel kernels = kernel.kernel();
      NeighbourTable nearestInB =
          new NeighbourTable(
              a.width(), a.height(), team, () -> new ComparisonOfAll(indexB, a, kernels));
      NeighbourTable nearestInA =
          new NeighbourTable(
              b.width(), b.height(), team, () -> new ComparisonOfAll(indexA, b, kernels));
      return new ReciprocalWalk(nearestInB, nearestInA)
          .match(new SeedGrid(maskA, maskB, subsample, SeedImages.A).inA(), new int[0]);
    }
  }

  /** Compares every query with every point. */
  private static final class ComparisonOfAll implements NeighbourTable.Search {

    private final NearestNeighbourIndex index;
    private final DescriptorMap queryMap;
    private final SimilarityKernel kernel;
    private final float[] queries;
    private final int[] members = new int[QUERIES];
    private final float[] best = new float[QUERIES];
    private final int[] bestPixel = new int[QUERIES];
    private final float[] similarities = new float[64];

    ComparisonOfAll(NearestNeighbourIndex index, DescriptorMap queryMap, SimilarityKernel kernel) {
      this.index = index;
      this.queryMap = queryMap;
      this.kernel = kernel;
      this.queries = new float[QUERIES * index.dimension()];
    }

    @Override
    public void search(int[] pixels, int from, int to, int[] answers) {
      int dimension = index.dimension();
      int count = to - from;
      for (int query = 0; query < QUERIES; query++) {
        members[query] = Math.min(query, count - 1);
        best[query] = Float.NEGATIVE_INFINITY;
        bestPixel[query] = Integer.MAX_VALUE;
        queryMap.copyInto(pixels[from + members[query]], queries, query * dimension);
      }
      for (int group = 0; group < 16 * index.regions(); group++) {
        for (int first = 0; first < count; first += 4) {
          int reached =
              kernel.compare(
                  queries,
                  dimension,
                  members,
                  first,
                  dimension,
                  index.points(),
                  16 * group * dimension,
                  best,
                  similarities);
          for (int i = 0; i < 4; i++) {
            if ((reached >> i & 1) != 0) {
              keepBest(members[first + i], 16 * i, group);
            }
          }
        }
      }
      System.arraycopy(bestPixel, 0, answers, from, count);
    }

    private void keepBest(int query, int start, int group) {
      for (int j = 0; j < 16; j++) {
        float similarity = similarities[start + j];
        int pixel = index.pixel(group, j);
        if (similarity > best[query] || (similarity == best[query] && pixel < bestPixel[query])) {
          best[query] = similarity;
          bestPixel[query] = pixel;
        }
      }
    }
  }
}
