package dev.mast3r.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.batch.PairList;
import dev.mast3r.batch.ProgressSink;
import dev.mast3r.error.DeviceException;
import dev.mast3r.error.InputException;
import dev.mast3r.image.Photo;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.KernelChoice;
import dev.mast3r.match.MatchSet;
import dev.mast3r.match.SeedImages;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.Precision;
import dev.mast3r.output.StageSeconds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class SpreadPairMatcherTest {

  private static Points noPoints(Photo a, Photo b) {
    return Points.NONE;
  }

  private static PhotoFile photo(int number) {
    return PhotoFile.of(Path.of("photo" + number + ".png"));
  }

  private static ExpectedPair pair(int number) {
    return new ExpectedPair(photo(number), photo(number + 1), SpreadPairMatcherTest::noPoints);
  }

  /** Answers with the number of the pair's first photo as the only match. */
  private static class Fake implements PairMatcher {

    private final AtomicInteger atWork = new AtomicInteger();
    final List<Integer> matched = new ArrayList<>();
    final List<Integer> toldOf = new ArrayList<>();
    boolean closed;

    @Override
    public void expect(List<ExpectedPair> pairs) {
      toldOf.add(pairs.size());
    }

    @Override
    public MatchedPair match(PhotoFile a, PhotoFile b, BiFunction<Photo, Photo, Points> points) {
      assertEquals(1, atWork.incrementAndGet(), "a matcher is for one thread at a time");
      int number = Integer.parseInt(a.path().toString().replaceAll("\\D", ""));
      matched.add(number);
      work(number);
      atWork.decrementAndGet();
      Photo empty = new Photo(new RgbImage(1, 1, new byte[3]), Optional.empty());
      return new MatchedPair(
          empty,
          empty,
          new MatchSet(List.of(new Correspondence(number, 0, 0, 0, 1))),
          Optional.empty(),
          new StageSeconds(0, 0, 0, 0, 0, 0));
    }

    void work(int number) {
      assertTrue(number >= 0);
    }

    @Override
    public String model() {
      return "fake";
    }

    @Override
    public Optional<String> modelSha256() {
      return Optional.empty();
    }

    @Override
    public void close() {
      assertEquals(0, atWork.get());
      closed = true;
    }
  }

  /** Asks for pairs as a list does; -1 stands for a pair that failed. */
  private static List<Integer> ask(PairMatcher matcher, List<Integer> numbers) {
    List<Integer> answers = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      int end = Math.min(numbers.size(), i + 1 + matcher.lookAhead(OptionalInt.empty()));
      matcher.expect(
          numbers.subList(i + 1, end).stream().map(SpreadPairMatcherTest::pair).toList());
      ExpectedPair pair = pair(numbers.get(i));
      try {
        MatchSet found = matcher.match(pair.a(), pair.b(), pair.points()).matches();
        answers.add((int) found.correspondences().get(0).xA());
      } catch (InputException e) {
        answers.add(-1);
      }
    }
    return answers;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "2, 4", "3, 5"})
  void answersInTheOrderOfTheListWhateverIsDoneFirst(int matchers, int batch) {
    List<Fake> fakes =
        Stream.<Fake>generate(
                () ->
                    new Fake() {
                      @Override
                      void work(int number) {
                        sleep(number % 3 * 4);
                      }
                    })
            .limit(matchers)
            .toList();
    List<Integer> numbers = IntStream.range(0, 40).map(i -> i * 7 % 20).boxed().toList();

    try (SpreadPairMatcher spread = new SpreadPairMatcher(List.copyOf(fakes), batch)) {
      assertEquals(numbers, ask(spread, numbers));
    }

    List<Integer> matched = fakes.stream().flatMap(fake -> fake.matched.stream()).sorted().toList();
    assertEquals(numbers.stream().sorted().toList(), matched, "each pair once");
    assertTrue(fakes.stream().allMatch(fake -> fake.closed));
    if (batch > 1) {
      assertTrue(fakes.stream().anyMatch(fake -> fake.toldOf.contains(batch - 1)), "whole batches");
    }
  }

  private static void sleep(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Each of the first three pairs waits until all three are at work. */
  @Test
  void allMatchersWorkAtTheSameTime() {
    CountDownLatch atWork = new CountDownLatch(3);
    List<PairMatcher> fakes =
        Stream.<PairMatcher>generate(
                () ->
                    new Fake() {
                      @Override
                      void work(int number) {
                        atWork.countDown();
                        try {
                          assertTrue(atWork.await(60, TimeUnit.SECONDS));
                        } catch (InterruptedException e) {
                          throw new IllegalStateException(e);
                        }
                      }
                    })
            .limit(3)
            .toList();
    try (SpreadPairMatcher spread = new SpreadPairMatcher(fakes, 1)) {
      assertEquals(List.of(1, 2, 3, 4), ask(spread, List.of(1, 2, 3, 4)));
    }
  }

  @Test
  void aPairThatFailsFailsAloneAndWhereItIsAskedFor() {
    List<PairMatcher> fakes =
        Stream.<PairMatcher>generate(
                () ->
                    new Fake() {
                      @Override
                      public MatchedPair match(
                          PhotoFile a, PhotoFile b, BiFunction<Photo, Photo, Points> points) {
                        if (a.equals(photo(2))) {
                          throw new InputException("broken");
                        }
                        return super.match(a, b, points);
                      }
                    })
            .limit(2)
            .toList();
    try (SpreadPairMatcher spread = new SpreadPairMatcher(fakes, 2)) {
      List<Integer> answers = ask(spread, List.of(1, 2, 3, 2, 5));
      assertEquals(List.of(1, -1, 3, -1, 5), answers);
    }
  }

  @Test
  void pairsThatAreNeverAskedForDoNotKeepItFromClosing() {
    Fake fake = new Fake();
    SpreadPairMatcher spread = new SpreadPairMatcher(List.of(fake, new Fake()), 1);
    spread.expect(List.of(pair(5), pair(6), pair(7)));
    spread.match(photo(1), photo(2), SpreadPairMatcherTest::noPoints);
    spread.close();
    assertTrue(fake.closed);
  }

  @Test
  void anInterruptEndsTheWaitAndStaysKnown() {
    CountDownLatch never = new CountDownLatch(1);
    Fake fake =
        new Fake() {
          @Override
          void work(int number) {
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    try (SpreadPairMatcher spread = new SpreadPairMatcher(List.of(fake), 1)) {
      Thread.currentThread().interrupt();
      assertThrows(
          DeviceException.class,
          () -> spread.match(photo(1), photo(2), SpreadPairMatcherTest::noPoints));
      assertTrue(Thread.interrupted());
    }
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private static PairMatcher network() {
    NetworkOptions options =
        new NetworkOptions(
            Optional.of("models/mast3r-small"),
            Matcher.MAST3R,
            DeviceChoice.CPU,
            Precision.AUTO,
            OptionalInt.of(96),
            false,
            1,
            false,
            0,
            64);
    return PairMatcher.open(
        options,
        settings(),
        Environment.of(
            Map.of(), Map.of("user.home", System.getProperty("user.home"), "mast3r.home", ".")),
        notice -> {});
  }

  private static MatchSettings settings() {
    return new MatchSettings(
        4,
        3000,
        OptionalDouble.empty(),
        SeedImages.A,
        KernelChoice.ENGINE,
        Fine.OFF,
        OptionalInt.empty());
  }

  @Test
  void aNetworkOnACpuTakesPairsOneByOneUnlessTold() {
    try (PairMatcher matcher = network()) {
      assertEquals(0, matcher.lookAhead(OptionalInt.empty()));
      assertEquals(3, matcher.lookAhead(OptionalInt.of(4)));
    }
  }

  /** Real networks, each on its own CPU thread, give the files that one of them gives. */
  @Test
  void aListOverSeveralNetworksGivesTheFilesOfOne(@TempDir Path folder) throws Exception {
    Path images = Path.of("testdata/images").toAbsolutePath();
    Path list = folder.resolve("list.txt");
    List<String> names =
        List.of("motorcycle_left.png", "motorcycle_right.png", "leuvenA.jpg", "leuvenB.jpg");
    StringBuilder pairs = new StringBuilder();
    for (String a : names) {
      for (String b : names) {
        pairs.append(images.resolve(a)).append(' ').append(images.resolve(b)).append('\n');
      }
    }
    pairs.append(images.resolve("chelsea.png")).append(' ').append("missing.png\n");
    Files.writeString(list, pairs);
    Map<String, String> one = run(network(), list, folder.resolve("one"));
    Map<String, String> three =
        run(
            new SpreadPairMatcher(List.of(network(), network(), network()), 1),
            list,
            folder.resolve("three"));

    assertEquals(one, three);
    assertTrue(one.size() > 10, one.keySet().toString());
  }

  private static Map<String, String> run(PairMatcher matcher, Path list, Path folder)
      throws IOException, InterruptedException {
    try (matcher) {
      ListRequest request =
          new ListRequest(
              PairList.read(list, Optional.empty()),
              false,
              OptionalInt.of(1),
              "",
              ProgressSink.quiet());
      ListOutcome outcome = new MatchList(matcher, MatchFormat.CSV, folder).run(request);
      assertEquals(17, outcome.total());
    }
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> written = Files.list(folder)) {
      for (Path file : written.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }
}
