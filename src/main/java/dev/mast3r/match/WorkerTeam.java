package dev.mast3r.match;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A fixed number of threads that share out numbered pieces of work, the caller's thread among them.
 * Which thread does a piece is left to chance, so a piece's result must not depend on it.
 */
public final class WorkerTeam implements AutoCloseable {

  /** One thread's view of the work; it may keep scratch memory from piece to piece. */
  public interface Worker {
    void work(int piece);
  }

  private final int threads;
  private final ExecutorService others;

  /**
   * @param threads at least 1
   */
  public WorkerTeam(int threads) {
    this.threads = threads;
    this.others =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            task -> {
              Thread thread = new Thread(task, "worker");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Returns how many threads share the work. */
  int threads() {
    return threads;
  }

  /** Does the pieces 0 to {@code pieces - 1} and returns when all are done. */
  public void share(int pieces, Supplier<Worker> newWorker) {
    AtomicInteger next = new AtomicInteger();
    Runnable task =
        () -> {
          Worker worker = newWorker.get();
          for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
            worker.work(piece);
          }
        };
    List<Future<?>> futures = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, pieces); i++) {
      futures.add(others.submit(task));
    }
    try {
      task.run();
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while working");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a worker thread failed", e.getCause());
    } finally {
      // after a failure the other threads stop at their next piece
      next.set(pieces);
    }
  }

  /** Applies a function to all inputs, as pieces, and returns the results in the same order. */
  public <S, T> List<T> map(List<S> inputs, Function<S, T> function) {
    List<AtomicReference<T>> results =
        inputs.stream().map(input -> new AtomicReference<T>()).toList();
    share(inputs.size(), () -> piece -> results.get(piece).set(function.apply(inputs.get(piece))));
    return results.stream().map(AtomicReference::get).toList();
  }

  @Override
  public void close() {
    others.shutdown();
  }
}
