package dev.mast3r.error;

/** A device has not the memory that a piece of work takes; a smaller piece may succeed. */
public final class DeviceMemoryException extends DeviceException {

  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
