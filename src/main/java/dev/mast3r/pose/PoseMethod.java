package dev.mast3r.pose;

/** How a relative pose is estimated. */
public enum PoseMethod {
  /** Essential matrix from correspondences; metric scale from the pointmaps where there are any. */
  ESSENTIAL,
  /** Perspective-n-point: A's pointmap at its matched pixels against B's pixels. */
  PNP,
  /** Rigid fit of B's pointmap in its own frame to A's, 3D to 3D. */
  PROCRUSTES
}
