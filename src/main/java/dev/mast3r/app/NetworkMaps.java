package dev.mast3r.app;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.output.RawMaps;
import java.util.Optional;

/**
 * The network's answer for a pair (A, B).
 *
 * @param raw the maps, with the images as the network saw them
 * @param pointmapBInB B's points in B's own frame, from the pair (B, A), if they were asked for
 * @param metric whether the model's points are in metres
 */
public record NetworkMaps(RawMaps raw, Optional<Pointmap> pointmapBInB, boolean metric) {}
