/**
 * Pure geometry: points, rotations, rigid motions, cameras, epipolar constraints. Values are
 * immutable and in double. No pixels are read here, no file is opened, no native code is called.
 */
package dev.mast3r.geometry;
