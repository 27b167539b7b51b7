/**
 * Descriptor maps to correspondences: exact nearest neighbours, fast reciprocal matching (arXiv
 * 2406.09756, section 3.3), filters and spatial selection. Plain Java arrays; no tensor of an
 * engine, no native image.
 */
package dev.mast3r.match;
