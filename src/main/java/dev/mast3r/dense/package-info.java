/**
 * Dense per-pixel maps, H x W in row-major order, as plain Java values: pointmaps, descriptors,
 * confidences. Final and read-only; they know neither the network nor files.
 */
package dev.mast3r.dense;
