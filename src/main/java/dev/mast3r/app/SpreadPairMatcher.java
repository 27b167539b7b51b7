package dev.mast3r.app;

import dev.mast3r.error.DeviceException;
import dev.mast3r.image.Photo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * Spreads the pairs of a list over several matchers, one a device, that work at the same time. The
 * pairs that are expected are handed out in their order, each to the first matcher that is free;
 * answers are given when they are asked for, so that the order of results stays the list's.
 *
 * <p>Owns the matchers. Every matcher reads and encodes the images of its own pairs.
 */
final class SpreadPairMatcher implements PairMatcher {

  /** So many batches a matcher are handed out ahead: one at work, one waiting. */
  private static final int BATCHES_AHEAD = 2;

  private final List<PairMatcher> matchers;
  private final int batch;
  private final BlockingQueue<PairMatcher> free;
  private final ExecutorService workers;
  private final Map<Key, Deque<CompletableFuture<MatchedPair>>> pending = new HashMap<>();
  private final List<Asked> waiting = new ArrayList<>();
  private List<ExpectedPair> expected = List.of();

  private record Key(PhotoFile a, PhotoFile b) {
    static Key of(ExpectedPair pair) {
      return new Key(pair.a(), pair.b());
    }
  }

  /** A pair and who is told of its answer. */
  private record Asked(ExpectedPair pair, CompletableFuture<MatchedPair> answer) {}

  /**
   * @param matchers at least one
   * @param batch how many pairs are handed to a matcher at once, at least 1
   */
  SpreadPairMatcher(List<PairMatcher> matchers, int batch) {
    this.matchers = List.copyOf(matchers);
    this.batch = batch;
    this.free = new ArrayBlockingQueue<>(matchers.size(), false, matchers);
    this.workers =
        Executors.newFixedThreadPool(
            matchers.size(),
            task -> {
              Thread thread = new Thread(task, "matcher");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public int lookAhead(OptionalInt wanted) {
    return BATCHES_AHEAD * matchers.size() * batch;
  }

  @Override
  public void expect(List<ExpectedPair> pairs) {
    expected = List.copyOf(pairs);
  }

  @Override
  public MatchedPair match(PhotoFile a, PhotoFile b, BiFunction<Photo, Photo, Points> points) {
    List<ExpectedPair> known = new ArrayList<>(List.of(new ExpectedPair(a, b, points)));
    known.addAll(expected);
    expected = List.of();
    handOut(known);
    Key key = new Key(a, b);
    CompletableFuture<MatchedPair> answer = pending.get(key).remove();
    if (waiting.stream().anyMatch(asked -> asked.answer() == answer)) {
      handOutWaiting();
    }
    return await(answer);
  }

  /** Hands out what is not yet; a pair that stands in the list twice is two pairs. */
  private void handOut(List<ExpectedPair> known) {
    Map<Key, Integer> seen = new HashMap<>();
    for (ExpectedPair pair : known) {
      Deque<CompletableFuture<MatchedPair>> answers =
          pending.computeIfAbsent(Key.of(pair), key -> new ArrayDeque<>());
      if (seen.merge(Key.of(pair), 1, Integer::sum) > answers.size()) {
        CompletableFuture<MatchedPair> answer = new CompletableFuture<>();
        answers.add(answer);
        waiting.add(new Asked(pair, answer));
        if (waiting.size() >= batch) {
          handOutWaiting();
        }
      }
    }
    pending.values().removeIf(Deque::isEmpty);
  }

  private void handOutWaiting() {
    List<Asked> together = List.copyOf(waiting);
    waiting.clear();
    workers.execute(() -> work(together));
  }

  private void work(List<Asked> together) {
    // as many matchers as threads: one is free
    PairMatcher matcher = free.remove();
    try {
      for (int i = 0; i < together.size(); i++) {
        Asked asked = together.get(i);
        matcher.expect(together.subList(i + 1, together.size()).stream().map(Asked::pair).toList());
        answer(matcher, asked);
      }
    } finally {
      free.add(matcher);
    }
  }

  private static void answer(PairMatcher matcher, Asked asked) {
    try {
      ExpectedPair pair = asked.pair();
      asked.answer().complete(matcher.match(pair.a(), pair.b(), pair.points()));
    } catch (RuntimeException | Error e) {
      // of this pair alone; it is thrown where the pair is asked for
      asked.answer().completeExceptionally(e);
    }
  }

  private static MatchedPair await(CompletableFuture<MatchedPair> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeviceException("interrupted while a device was at work", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  @Override
  public String model() {
    return matchers.get(0).model();
  }

  @Override
  public boolean refinesMatches() {
    return matchers.get(0).refinesMatches();
  }

  @Override
  public Optional<String> modelSha256() {
    return matchers.get(0).modelSha256();
  }

  @Override
  public void close() {
    // what is at work in the engine cannot be stopped, and uses what is closed next
    workers.shutdownNow();
    boolean interrupted = false;
    boolean idle = false;
    while (!idle) {
      try {
        idle = workers.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    matchers.forEach(PairMatcher::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
