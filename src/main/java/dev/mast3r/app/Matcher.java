package dev.mast3r.app;

/** Who finds the correspondences. */
public enum Matcher {
  /** The network and fast reciprocal matching. */
  MAST3R,
  /** SIFT with a ratio test: the classical baseline. */
  SIFT
}
