package dev.mast3r.app;

import dev.mast3r.batch.PairList;
import dev.mast3r.batch.ProgressSink;
import dev.mast3r.error.UsageException;
import dev.mast3r.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * A list to work through.
 *
 * @param list the pairs
 * @param resume whether to go on where an interrupted run of the same list and settings stopped
 * @param batch pairs that go through the network in one call at most; empty: as many as suit it
 * @param settings all options that shape the results, as text
 * @param progress is told how the list advances
 */
public record ListRequest(
    PairList list, boolean resume, OptionalInt batch, String settings, ProgressSink progress) {

  private static final int LARGEST_BATCH = 64;

  /**
   * @throws UsageException if there is no such batch
   */
  public ListRequest {
    if (batch.orElse(1) < 1 || batch.orElse(1) > LARGEST_BATCH) {
      throw new UsageException(
          "option '--batch': expected auto or 1 to "
              + LARGEST_BATCH
              + ", found "
              + batch.getAsInt());
    }
  }

  /** Returns one line that differs for another list or other settings. */
  String fingerprint() {
    byte[] text = (list.pairs() + "\n" + settings).getBytes(StandardCharsets.UTF_8);
    Sha256 hash = new Sha256();
    hash.update(text, 0, text.length);
    return hash.hex();
  }
}
