package dev.mast3r.dense;

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
    Optional<ConfidenceMap> descriptorConfidence) {}
