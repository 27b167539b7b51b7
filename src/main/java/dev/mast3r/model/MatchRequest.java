package dev.mast3r.model;

import dev.mast3r.match.PixelMask;
import dev.mast3r.match.SeedImages;

/**
 * How the engine is to match a pair's descriptors.
 *
 * @param subsample step of the seed grid in network pixels, at least 1
 * @param seedImages where matching starts
 * @param maskA which pixels of A take part; of the size of its map
 * @param maskB likewise
 */
public record MatchRequest(
    int subsample, SeedImages seedImages, PixelMask maskA, PixelMask maskB) {}
