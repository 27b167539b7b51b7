package dev.mast3r.refine;

import dev.mast3r.geometry.PixelTransform;

/**
 * How the surroundings of one point of A lie in B, to first order: what is {@code (dx, dy)} away
 * from it in A lies at {@code (x + xx dx + xy dy, y + yx dx + yy dy)} of B.
 */
record LocalWarp(double x, double y, double xx, double xy, double yx, double yy) {

  /** Returns how far from a place in B the point itself lies. */
  double distanceTo(double otherX, double otherY) {
    return Math.hypot(x - otherX, y - otherY);
  }

  /** Returns the same surroundings of a point that lies elsewhere in B. */
  LocalWarp at(double otherX, double otherY) {
    return new LocalWarp(otherX, otherY, xx, xy, yx, yy);
  }

  /** Returns this map between other pixels, to which those of A and of B are carried. */
  LocalWarp between(PixelTransform inA, PixelTransform inB) {
    return new LocalWarp(
        inB.applyX(x),
        inB.applyY(y),
        xx * inB.scaleX() / inA.scaleX(),
        xy * inB.scaleX() / inA.scaleY(),
        yx * inB.scaleY() / inA.scaleX(),
        yy * inB.scaleY() / inA.scaleY());
  }
}
