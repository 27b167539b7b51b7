package dev.mast3r.model;

import dev.mast3r.error.DeviceMemoryException;
import dev.mast3r.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Work on a batch that is done in halves where the device has not the memory for all at once. The
 * size that fitted is kept for the batches after it.
 *
 * @param <T> an item
 * @param <R> its result
 */
public final class HalvedBatch<T, R> {

  private final Function<List<T>, List<R>> work;
  private int most = Integer.MAX_VALUE;

  /**
   * @param work does some items at once, one result each in their order; frees what it took when it
   *     fails
   */
  public HalvedBatch(Function<List<T>, List<R>> work) {
    this.work = work;
  }

  /**
   * Does all items; where the input of one is at fault, the first alone, so that a fault is told
   * where it belongs.
   *
   * @return one result an item that was done, in their order
   * @throws InputException if the first item's input is at fault
   * @throws DeviceMemoryException if the memory does not do for a single one; results of others are
   *     lost
   */
  public List<R> run(List<T> items) {
    List<R> results = new ArrayList<>(items.size());
    int done = 0;
    while (done < items.size()) {
      int count = Math.min(most, items.size() - done);
      try {
        results.addAll(work.apply(items.subList(done, done + count)));
        done += count;
      } catch (DeviceMemoryException e) {
        if (count == 1) {
          throw e;
        }
        most = count / 2;
      } catch (InputException e) {
        if (items.size() == 1) {
          throw e;
        }
        return work.apply(items.subList(0, 1));
      }
    }
    return results;
  }

  /** Returns how many items at most are now done at once. */
  public int most() {
    return most;
  }
}
