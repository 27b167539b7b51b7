package dev.mast3r.pose;

import java.util.Optional;

/**
 * The 3D points that the network saw in a pair (A, B).
 *
 * @param a A's points in A's frame, from the pair in the order (A, B)
 * @param b B's points in B's frame, from the pair in the order (B, A), if the network was run on it
 * @param metric whether coordinates are metres; else their scale is arbitrary, and another one in
 *     {@code b} than in {@code a}
 */
public record PointEvidence(ViewPoints a, Optional<ViewPoints> b, boolean metric) {}
