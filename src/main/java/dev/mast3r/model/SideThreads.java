package dev.mast3r.model;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Does the same work for both images of a pair at once, with half of the engine's threads each:
 * they wait for each other once, not at the end of every product, and what one computes on a single
 * thread does not hold up the other.
 */
final class SideThreads implements AutoCloseable {

  /** What was made for image A and for image B. */
  record Sides<T>(T a, T b) {

    List<T> toList() {
      return List.of(a, b);
    }
  }

  private final ExecutorService threadOfA = thread("mast3r-image-a");
  private final ExecutorService threadOfB = thread("mast3r-image-b");

  private final int threadsOfEach;

  private SideThreads(int threadsOfEach) {
    this.threadsOfEach = threadsOfEach;
  }

  /**
   * Starts the two threads that call the engine. The number of threads that it uses is a setting of
   * the calling thread; all other threads keep {@code engineThreads}.
   *
   * @return empty if the engine's threads cannot be halved
   */
  static Optional<SideThreads> halving(int engineThreads) {
    if (engineThreads % 2 != 0) {
      return Optional.empty();
    }
    SideThreads sides = new SideThreads(engineThreads / 2);
    for (ExecutorService thread : List.of(sides.threadOfA, sides.threadOfB)) {
      CompletableFuture.runAsync(() -> limit(sides.threadsOfEach), thread).join();
    }
    JniUtils.setNumThreads(engineThreads);
    return Optional.of(sides);
  }

  /** Returns how many of the engine's threads a product has, with or without sides. */
  static int ofProduct(Optional<SideThreads> sides, int engineThreads) {
    return sides.map(SideThreads::threadsOfEach).orElse(engineThreads);
  }

  /** Returns how many of the engine's threads each of the two has. */
  int threadsOfEach() {
    return threadsOfEach;
  }

  private static void limit(int engineThreads) {
    JniUtils.setNumThreads(engineThreads);
    // the first question of a thread takes over what was set last in the whole process
    JniUtils.getNumThreads();
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Does the work of both images, and waits for both even if one fails, so that no one frees what
   * the other still reads. What the work throws is thrown here, A's first.
   */
  <T> Sides<T> run(Supplier<T> a, Supplier<T> b) {
    CompletableFuture<T> ofA = CompletableFuture.supplyAsync(a, threadOfA);
    CompletableFuture<T> ofB = CompletableFuture.supplyAsync(b, threadOfB);
    CompletableFuture.allOf(ofA, ofB).exceptionally(failure -> null).join();
    return new Sides<>(result(ofA), result(ofB));
  }

  /** Does work with one half of the engine's threads, while the other half waits. */
  <T> T runOne(Supplier<T> work) {
    return result(CompletableFuture.supplyAsync(work, threadOfA));
  }

  private static <T> T result(CompletableFuture<T> done) {
    try {
      return done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    threadOfA.shutdown();
    threadOfB.shutdown();
  }
}
