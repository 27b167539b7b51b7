package dev.mast3r.match;

/** A window of image A and a window of image B that show the same part of the scene. */
public record WindowPair(Window a, Window b) {}
