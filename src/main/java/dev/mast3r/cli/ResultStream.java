package dev.mast3r.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Standard output in UTF-8, which remembers why it could not be written. */
public final class ResultStream extends PrintStream {

  private final Watch watch;

  /**
   * @param target is flushed when this is, and never closed
   */
  public ResultStream(OutputStream target) {
    this(new Watch(target));
  }

  private ResultStream(Watch watch) {
    super(watch, false, StandardCharsets.UTF_8);
    this.watch = watch;
  }

  /**
   * Flushes and returns why results were lost, if they were. A reader that has seen enough and
   * closed its end of a pipe is none.
   */
  Optional<String> failure() {
    flush();
    return Optional.ofNullable(watch.failure)
        .map(e -> String.valueOf(e.getMessage()))
        .filter(reason -> !reason.contains("Broken pipe"));
  }

  /** Print streams keep their failures to themselves. */
  private static final class Watch extends OutputStream {

    private final OutputStream target;
    private IOException failure;

    Watch(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        target.write(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        target.flush();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
