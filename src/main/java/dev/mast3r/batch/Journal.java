package dev.mast3r.batch;

import java.util.Optional;

/** Remembers which items of a list are finished, and with what result. */
public interface Journal {

  /**
   * The result of one item.
   *
   * @param success whether the item worked out
   * @param text what the caller wants to have back, such as the row of a table; may be of many
   *     lines
   */
  record Entry(boolean success, String text) {}

  /** Returns the result of item {@code index}, if it is finished. */
  Optional<Entry> entry(int index);

  /** Returns how many items are finished. */
  int size();

  /** Notes that an item is finished. */
  void record(int index, Entry entry);

  /** Returns a journal that remembers nothing, for results that go to a stream. */
  static Journal none() {
    return new Journal() {
      @Override
      public Optional<Entry> entry(int index) {
        return Optional.empty();
      }

      @Override
      public int size() {
        return 0;
      }

      @Override
      public void record(int index, Entry entry) {}
    };
  }
}
