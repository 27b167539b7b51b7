package dev.mast3r.eval;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How well the queries of a Map-free scene were located.
 *
 * @param scene the scene's name
 * @param frames the queries with a pose
 * @param missing queries without one
 */
public record MapFreeSceneScore(String scene, List<MapFreeFrameScore> frames, int missing) {

  public MapFreeSceneScore {
    frames = List.copyOf(frames);
  }

  /** Returns the median translation error, metres, of the queries with a pose, if there is one. */
  public Optional<Double> medianTranslationM() {
    return median(MapFreeFrameScore::translationM);
  }

  /** Returns the median rotation error, degrees, likewise. */
  public Optional<Double> medianRotationDeg() {
    return median(MapFreeFrameScore::rotationDeg);
  }

  /** Returns the median VCRE, pixels, likewise. */
  public Optional<Double> medianVcrePx() {
    return median(MapFreeFrameScore::vcrePx);
  }

  private Optional<Double> median(ToDoubleFunction<MapFreeFrameScore> error) {
    return frames.isEmpty()
        ? Optional.empty()
        : Optional.of(Median.of(frames.stream().mapToDouble(error).boxed().toList()));
  }
}
