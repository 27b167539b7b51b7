package dev.mast3r.batch;

import dev.mast3r.batch.Journal.Entry;
import dev.mast3r.error.Mast3rException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Works through a list, item by item: what the journal has is not done again, what fails does not
 * stop the rest, and the results come in the list's order.
 *
 * @param <T> an item
 */
public final class BatchRun<T> {

  /** Does one item. */
  @FunctionalInterface
  public interface Task<T> {

    /**
     * Returns what came of the item.
     *
     * @throws Mast3rException if the item fails before there is anything to keep of it
     */
    Outcome run(T item);
  }

  /** Does one item, knowing those that come after it. */
  @FunctionalInterface
  public interface TaskAhead<T> {

    /**
     * Returns what came of the item.
     *
     * @param next the items that will be done after it, as many as the run looks ahead
     * @throws Mast3rException if the item fails before there is anything to keep of it
     */
    Outcome run(T item, List<T> next);
  }

  /**
   * What came of an item.
   *
   * @param text to keep for the item, such as its row in a table
   * @param failure why the item counts as failed, if it does
   */
  public record Outcome(String text, Optional<String> failure) {

    /** Returns the outcome of an item that worked out. */
    public static Outcome success(String text) {
      return new Outcome(text, Optional.empty());
    }
  }

  /** Says what to keep for an item that failed. */
  @FunctionalInterface
  public interface FailureText<T> {
    String of(T item, String reason);
  }

  private final Journal journal;
  private final ProgressSink progress;
  private final Function<T, String> name;
  private final FailureText<T> failureText;

  public BatchRun(
      Journal journal,
      ProgressSink progress,
      Function<T, String> name,
      FailureText<T> failureText) {
    this.journal = journal;
    this.progress = progress;
    this.name = name;
    this.failureText = failureText;
  }

  /**
   * Does every item that the journal does not have yet.
   *
   * <p>An exception of the task is a failed item: a {@link Mast3rException} with its message, any
   * other as a defect with its class and message. Errors, such as running out of memory, end the
   * run. So does an interrupt of the thread, between two items; what was finished is kept.
   *
   * @return one entry an item, in the list's order
   * @throws InterruptedException if the thread was interrupted
   */
  public List<Entry> run(List<T> items, Task<T> task) throws InterruptedException {
    return run(items, 0, (item, next) -> task.run(item));
  }

  /**
   * As {@link #run(List, Task)}, for tasks that prepare several items at once.
   *
   * @param ahead how many of the items to come a task is told at most
   */
  public List<Entry> run(List<T> items, int ahead, TaskAhead<T> task) throws InterruptedException {
    progress.started(items.size(), journal.size());
    try {
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        Optional<Entry> known = journal.entry(i);
        entries.add(known.isPresent() ? known.get() : runOne(i, items, ahead, task));
      }
      return entries;
    } finally {
      progress.ended();
    }
  }

  private Entry runOne(int index, List<T> items, int ahead, TaskAhead<T> task)
      throws InterruptedException {
    stopIfInterrupted(index);
    T item = items.get(index);
    Outcome outcome;
    try {
      outcome = task.run(item, next(index, items, ahead));
    } catch (Mast3rException e) {
      return fail(index, item, e.getMessage());
    } catch (RuntimeException e) {
      // one bad pair must not cost the list, whatever it runs into
      return fail(index, item, "internal error: " + e);
    }
    if (outcome.failure().isPresent()) {
      return failed(index, item, outcome.text(), outcome.failure().get());
    }
    Entry entry = new Entry(true, outcome.text());
    journal.record(index, entry);
    progress.succeeded(name.apply(item));
    return entry;
  }

  private List<T> next(int index, List<T> items, int ahead) {
    return IntStream.range(index + 1, items.size())
        .filter(i -> journal.entry(i).isEmpty())
        .limit(ahead)
        .mapToObj(items::get)
        .toList();
  }

  private Entry fail(int index, T item, String reason) throws InterruptedException {
    // an interrupted item may have failed for that alone
    stopIfInterrupted(index);
    return failed(index, item, failureText.of(item, reason), reason);
  }

  private Entry failed(int index, T item, String text, String reason) {
    Entry entry = new Entry(false, text);
    journal.record(index, entry);
    progress.failed(name.apply(item), reason);
    return entry;
  }

  private static void stopIfInterrupted(int index) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped before item " + (index + 1));
    }
  }
}
