package dev.mast3r.batch;

import dev.mast3r.error.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Remembers which items of a list are finished, and with what result, so that a killed run can go
 * on.
 *
 * <p>A text file: a head with the fingerprint of the run (list and options), then one line an item,
 * {@code CRC32 INDEX +|- TEXT}, appended and forced to the disk as the item finishes. A last line
 * that a kill has torn is dropped; damage anywhere else is an error. While a run holds the journal
 * open, a second one is refused.
 */
public final class ResumeJournal implements Journal, Closeable {

  private static final String HEAD = "mast3r journal 1 ";

  private final Path file;
  private final RandomAccessFile out;
  private final int total;
  private final TreeMap<Integer, Entry> entries = new TreeMap<>();

  private ResumeJournal(Path file, RandomAccessFile out, int total) {
    this.file = file;
    this.out = out;
    this.total = total;
  }

  /**
   * Opens the journal of a run.
   *
   * @param file where it stands, beside the output
   * @param fingerprint one line that changes whenever the list or an option that shapes the results
   *     does
   * @param total how many items the list has
   * @param resume whether to go on from what the file says; else it is begun anew
   * @throws InputException if the file cannot be used, is in use, is damaged or, with {@code
   *     resume}, belongs to a run with another fingerprint
   */
  public static ResumeJournal open(Path file, String fingerprint, int total, boolean resume) {
    if (fingerprint.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a fingerprint is one line");
    }
    RandomAccessFile out = null;
    try {
      // not a FileChannel: an interrupt would close it, and with it lose the item being recorded
      out = new RandomAccessFile(file.toFile(), "rw");
      ResumeJournal journal = new ResumeJournal(file, out, total);
      journal.lock();
      journal.start(fingerprint, resume);
      return journal;
    } catch (IOException e) {
      closeQuietly(out, e);
      throw AtomicFile.cannotWrite(file, e);
    } catch (InputException e) {
      closeQuietly(out, e);
      throw e;
    }
  }

  @Override
  public synchronized Optional<Entry> entry(int index) {
    return Optional.ofNullable(entries.get(index));
  }

  @Override
  public synchronized int size() {
    return entries.size();
  }

  /**
   * Notes that an item is finished. When this returns, the note outlives a kill.
   *
   * @throws InputException if the file cannot be written
   */
  @Override
  public synchronized void record(int index, Entry entry) {
    if (index < 0 || index >= total || entries.containsKey(index)) {
      throw new IllegalArgumentException("item " + index + " of " + total + " cannot be recorded");
    }
    String body = index + (entry.success() ? " + " : " - ") + escape(entry.text());
    try {
      append(checksum(body) + " " + body + "\n");
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
    entries.put(index, entry);
  }

  /** Closes and removes the journal of a run whose output is complete. */
  public synchronized void finish() {
    try {
      close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new InputException("cannot remove " + file + ": " + e.getMessage(), e);
    }
  }

  /** Closes the file and leaves it for a later run. */
  @Override
  public synchronized void close() throws IOException {
    out.close();
  }

  private void lock() throws IOException {
    FileLock lock;
    try {
      lock = out.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      throw inUse(e);
    }
    if (lock == null) {
      throw inUse(null);
    }
  }

  private InputException inUse(Throwable cause) {
    return new InputException(file + ": another run is writing to this output", cause);
  }

  private void start(String fingerprint, boolean resume) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(out.length())];
    out.readFully(bytes);
    int headEnd = lineEnd(bytes, 0);
    String begun =
        new String(bytes, 0, headEnd < 0 ? bytes.length : headEnd, StandardCharsets.UTF_8);
    if (!begun.startsWith(HEAD) && !(headEnd < 0 && HEAD.startsWith(begun))) {
      throw new InputException(file + ": expected a journal of this program, found another file");
    }
    String head = HEAD + checksum(fingerprint) + " " + fingerprint;
    if (!resume || headEnd < 0) {
      out.setLength(0);
      append(head + "\n");
      return;
    }
    if (!begun.equals(head)) {
      throw new InputException(
          file + ": the interrupted run had another list or other options; run without --resume");
    }
    out.setLength(load(bytes, headEnd + 1));
  }

  /** Takes the finished items; returns where the last of them ends. */
  private int load(byte[] bytes, int from) {
    int start = from;
    for (int number = 2; start < bytes.length; number++) {
      int end = lineEnd(bytes, start);
      if (end < 0 || !take(new String(bytes, start, end - start, StandardCharsets.UTF_8))) {
        // a torn last line was not forced to the disk: nobody relied on it
        if (end < 0 || end + 1 == bytes.length) {
          return start;
        }
        throw new InputException(
            file + ":" + number + ": expected a finished item, found a damaged line");
      }
      start = end + 1;
    }
    return start;
  }

  private void append(String line) throws IOException {
    out.seek(out.length());
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.getFD().sync();
  }

  private static int lineEnd(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Returns false if the line is damaged. */
  private boolean take(String line) {
    String[] parts = line.split(" ", 4);
    if (parts.length != 4 || !parts[0].equals(checksum(line.substring(parts[0].length() + 1)))) {
      return false;
    }
    int index = Integer.parseInt(parts[1]);
    return index < total
        && entries.putIfAbsent(index, new Entry(parts[2].equals("+"), unescape(parts[3]))) == null;
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        c = text.charAt(i) == 'n' ? '\n' : text.charAt(i) == 'r' ? '\r' : text.charAt(i);
      }
      plain.append(c);
    }
    return plain.toString();
  }

  private static void closeQuietly(RandomAccessFile out, Exception reason) {
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        reason.addSuppressed(e);
      }
    }
  }
}
