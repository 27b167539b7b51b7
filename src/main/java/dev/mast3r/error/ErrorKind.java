package dev.mast3r.error;

/** The category of a failure; the command line gives each its own exit code. */
public enum ErrorKind {
  /** The caller asked for something that makes no sense: an unknown option, a bad value. */
  USAGE,
  /** An input cannot be read, is no image, is malformed, or is refused by a limit. */
  INPUT,
  /** A model is missing, damaged or of another kind. */
  MODEL,
  /** No pose: too few matches or a degenerate configuration. */
  NO_POSE,
  /** A device or the engine is not available. */
  DEVICE
}
