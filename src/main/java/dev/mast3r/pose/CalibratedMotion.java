package dev.mast3r.pose;

import dev.mast3r.geometry.Rigid3;

/**
 * A motion with the focal lengths of its two cameras.
 *
 * @param bFromA of unit translation
 * @param focalA in pixels of A's x-axis
 * @param focalB in pixels of B's x-axis
 */
record CalibratedMotion(Rigid3 bFromA, double focalA, double focalB) {}
