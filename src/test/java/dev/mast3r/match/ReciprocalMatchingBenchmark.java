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
 * file {@code maps} that {@code mast3r match A B --size N --maps MAPS.npz} writes; {@code %s} in
 * its name stands for the size. Run, after {@code mvn test-compile dependency:build-classpath
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
      PairMaps real = NpzRawMaps.read(Path.of(maps.replace("%s", size))).maps();
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
    return ComparisonOfAll.match(a, b, subsample, threads, kernel);
  }
}
