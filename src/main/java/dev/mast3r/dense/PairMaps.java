package dev.mast3r.dense;

/**
 * The network's answer for an ordered image pair (A, B); both pointmaps are in camera A's frame.
 */
public record PairMaps(ViewMaps a, ViewMaps b) {}
