package dev.mast3r.error;

/** An input cannot be read, is malformed, or is refused by a limit. */
public final class InputException extends Mast3rException {

  public InputException(String message) {
    super(message, null);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public ErrorKind kind() {
    return ErrorKind.INPUT;
  }
}
