package dev.mast3r.dense;

import dev.mast3r.geometry.QuarterTurns;
import dev.mast3r.geometry.Rotation3;
import java.util.Optional;

/**
 * What the network says of one image of a pair, all maps of the same H x W.
 *
 * @param points in camera A's frame, of image A and image B alike; absent if not asked for
 * @param pointConfidence of {@code points}
 * @param descriptors absent if not asked for, or if the model has none
 * @param descriptorConfidence of {@code descriptors}
 */
public record ViewMaps(
    Optional<Pointmap> points,
    Optional<ConfidenceMap> pointConfidence,
    Optional<DescriptorMap> descriptors,
    Optional<ConfidenceMap> descriptorConfidence) {

  /**
   * Returns the maps of the turned image.
   *
   * @param rotation takes the frame of these points to that of the result
   */
  public ViewMaps turned(QuarterTurns turns, Rotation3 rotation) {
    return new ViewMaps(
        points.map(map -> map.turned(turns, rotation)),
        pointConfidence.map(map -> map.turned(turns)),
        descriptors.map(map -> map.turned(turns)),
        descriptorConfidence.map(map -> map.turned(turns)));
  }
}
