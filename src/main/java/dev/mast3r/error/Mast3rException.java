package dev.mast3r.error;

/**
 * A failure that the user can understand and act on: one clear line, no stack trace needed.
 *
 * <p>The message is a whole sentence without a final full stop; it names the file (and line), what
 * was expected and what was found.
 */
public abstract sealed class Mast3rException extends RuntimeException
    permits UsageException, InputException, ModelException, NoPoseException, DeviceException {

  Mast3rException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns the category that decides the exit code. */
  public abstract ErrorKind kind();
}
