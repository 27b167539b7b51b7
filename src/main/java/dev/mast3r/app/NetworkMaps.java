package dev.mast3r.app;

import dev.mast3r.dense.PairMaps;
import dev.mast3r.dense.Pointmap;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.geometry.QuarterTurns;
import dev.mast3r.image.RgbImage;
import dev.mast3r.output.RawMaps;
import java.util.Optional;

/**
 * The network's answer for a pair (A, B).
 *
 * @param raw the maps, with the images as the network saw them
 * @param pointmapBInB B's points in B's own frame, from the pair (B, A), if they were asked for
 * @param metric whether the model's points are in metres
 */
public record NetworkMaps(RawMaps raw, Optional<Pointmap> pointmapBInB, boolean metric) {

  /**
   * Returns the maps of the turned images, their points in the frames of the turned cameras.
   *
   * @param originalA the original image A before the turns
   * @param originalB likewise
   */
  NetworkMaps turned(
      QuarterTurns turnsOfA, QuarterTurns turnsOfB, RgbImage originalA, RgbImage originalB) {
    PairMaps maps =
        new PairMaps(
            raw.maps().a().turned(turnsOfA, turnsOfA.rotation()),
            raw.maps().b().turned(turnsOfB, turnsOfA.rotation()));
    RawMaps turned =
        new RawMaps(
            maps,
            raw.imageA().turned(turnsOfA),
            raw.imageB().turned(turnsOfB),
            turned(raw.originalFromNetworkA(), turnsOfA, raw.imageA(), originalA),
            turned(raw.originalFromNetworkB(), turnsOfB, raw.imageB(), originalB));
    return new NetworkMaps(
        turned, pointmapBInB.map(map -> map.turned(turnsOfB, turnsOfB.rotation())), metric);
  }

  private static PixelTransform turned(
      PixelTransform originalFromNetwork, QuarterTurns turns, RgbImage network, RgbImage original) {
    return turns.apply(
        originalFromNetwork,
        network.width(),
        network.height(),
        original.width(),
        original.height());
  }
}
