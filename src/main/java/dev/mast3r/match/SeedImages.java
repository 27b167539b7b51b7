package dev.mast3r.match;

/** The images in which fast reciprocal matching starts. */
public enum SeedImages {
  /** Seeds in A alone: at most one match a seed. */
  A,
  /** Seeds in A and, with the roles exchanged, in B; a match found from both counts once. */
  BOTH
}
