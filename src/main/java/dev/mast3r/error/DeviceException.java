package dev.mast3r.error;

/** A device or the engine is not available. */
public sealed class DeviceException extends Mast3rException permits DeviceMemoryException {

  public DeviceException(String message) {
    super(message, null);
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public ErrorKind kind() {
    return ErrorKind.DEVICE;
  }
}
