package dev.mast3r.app;

import dev.mast3r.image.Photo;
import dev.mast3r.match.MatchSet;
import dev.mast3r.output.StageSeconds;
import java.util.Optional;

/**
 * An image pair and its correspondences.
 *
 * @param a the first image, original and upright
 * @param b the second image
 * @param matches in original pixels
 * @param maps what the network said of the pair; empty for a matcher without a network
 * @param seconds where the time went
 */
public record MatchedPair(
    Photo a, Photo b, MatchSet matches, Optional<NetworkMaps> maps, StageSeconds seconds) {}
