package dev.mast3r.app;

import dev.mast3r.match.NetworkFrame;
import dev.mast3r.match.SeedImages;
import dev.mast3r.model.MatchRequest;

/**
 * Matching of whole photos in the engine, where the network's maps are.
 *
 * @param subsample step of the seed grid in network pixels
 * @param seedImages where matching starts
 * @param masks what takes part of the photos
 * @param descriptors whether the descriptors are needed beside the matches; the engine's copy of
 *     them need not come to Java else
 */
record EngineMatching(int subsample, SeedImages seedImages, PhotoMasks masks, boolean descriptors) {

  /**
   * Returns what the engine is to do for a pair.
   *
   * @throws dev.mast3r.error.InputException if a mask is not of its photo's size
   */
  MatchRequest request(NetworkImage a, NetworkImage b) {
    masks.checkFit(a.photo(), b.photo());
    return request(a.frame(), b.frame());
  }

  /** As {@link #request(NetworkImage, NetworkImage)}, for parts of the photos. */
  MatchRequest request(NetworkFrame a, NetworkFrame b) {
    return new MatchRequest(subsample, seedImages, masks.maskOfA(a), masks.maskOfB(b));
  }
}
