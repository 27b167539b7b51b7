package dev.mast3r.app;

/** Which pointmaps of a pair are wanted. */
public enum Points {
  /** None: the point heads are not run. */
  NONE,
  /** Both images' points in A's frame. */
  IN_A,
  /** Also B's points in B's own frame, which takes a second pass of the decoders. */
  IN_BOTH
}
