package dev.mast3r.error;

/** No pose could be found for a pair. */
public final class NoPoseException extends Mast3rException {

  public NoPoseException(String message) {
    super(message, null);
  }

  public NoPoseException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public ErrorKind kind() {
    return ErrorKind.NO_POSE;
  }
}
