package dev.mast3r.app;

/** How correspondences are made finer than the pixels that the network sees. */
public enum Fine {
  /** They lie on the network's pixels. */
  OFF,
  /** Windows of the full-resolution photos go through the network. */
  WINDOWS,
  /**
   * They move to where the descriptors around them agree best, and from there to where the photos
   * do, without the network.
   */
  LOCAL
}
