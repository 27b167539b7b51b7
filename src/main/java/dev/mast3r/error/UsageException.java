package dev.mast3r.error;

/** The request itself is wrong: a bad option value or an impossible combination. */
public final class UsageException extends Mast3rException {

  public UsageException(String message) {
    super(message, null);
  }

  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public ErrorKind kind() {
    return ErrorKind.USAGE;
  }
}
