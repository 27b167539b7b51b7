package dev.mast3r.model;

/**
 * Reciprocal matches that were found on the engine's device: linear pixel indices {@code y width +
 * x} into the maps of both images, unique, ordered by index in A, then in B.
 */
public final class DeviceMatches {

  /** All indices in A, then all in B. */
  private final long[] indices;

  DeviceMatches(long[] indices) {
    this.indices = indices;
  }

  public int size() {
    return indices.length / 2;
  }

  public int indexA(int match) {
    return Math.toIntExact(indices[match]);
  }

  public int indexB(int match) {
    return Math.toIntExact(indices[size() + match]);
  }
}
