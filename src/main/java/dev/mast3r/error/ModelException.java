package dev.mast3r.error;

/** A model is missing, damaged or of another kind. */
public final class ModelException extends Mast3rException {

  public ModelException(String message) {
    super(message, null);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public ErrorKind kind() {
    return ErrorKind.MODEL;
  }
}
