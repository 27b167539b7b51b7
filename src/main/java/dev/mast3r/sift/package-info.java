/**
 * The classical baseline: SIFT features and nearest neighbours, to the same {@link
 * dev.mast3r.match.MatchSet} as the network's matches. Backed by OpenCV, whose {@code Mat}s do not
 * leave this package; {@link dev.mast3r.image.OpenCvLibrary#load} must have run.
 */
package dev.mast3r.sift;
