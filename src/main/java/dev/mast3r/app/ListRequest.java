package dev.mast3r.app;

import dev.mast3r.batch.PairList;
import dev.mast3r.batch.ProgressSink;
import dev.mast3r.store.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * A list to work through.
 *
 * @param list the pairs
 * @param resume whether to go on where an interrupted run of the same list and settings stopped
 * @param settings all options that shape the results, as text
 * @param progress is told how the list advances
 */
public record ListRequest(PairList list, boolean resume, String settings, ProgressSink progress) {

  /** Returns one line that differs for another list or other settings. */
  String fingerprint() {
    byte[] text = (list.pairs() + "\n" + settings).getBytes(StandardCharsets.UTF_8);
    Sha256 hash = new Sha256();
    hash.update(text, 0, text.length);
    return hash.hex();
  }
}
