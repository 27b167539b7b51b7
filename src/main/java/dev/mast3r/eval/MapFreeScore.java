package dev.mast3r.eval;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The figures of the Map-free benchmark (arXiv 2210.05494, section 5.1), as its own evaluation
 * computes them.
 *
 * <p>The median errors are those of each scene's queries that have a pose, averaged over the scenes
 * that have one; the shares are of all queries, a missing pose counting as a wrong one. Their
 * precision over the ranking by confidence is {@link RankedPrecision}.
 *
 * @param scenes how many
 * @param frames queries with and without a pose
 * @param medianTranslationM mean of the scenes' medians; infinite if no query has a pose
 * @param medianRotationDeg likewise
 * @param medianVcrePx likewise
 * @param vcre90 queries drawn less than 90 px off, a tenth of the photos' diagonal
 * @param vcre45 less than 45 px
 * @param pose queries less than 0.25 m and 5 degrees off
 */
public record MapFreeScore(
    int scenes,
    int frames,
    double medianTranslationM,
    double medianRotationDeg,
    double medianVcrePx,
    RankedPrecision vcre90,
    RankedPrecision vcre45,
    RankedPrecision pose) {

  /** The name of the benchmark in baseline files. */
  public static final String BENCHMARK = "mapfree";

  private static final double MAX_TRANSLATION_M = 0.25;
  private static final double MAX_ROTATION_DEG = 5;

  /**
   * Sums up scenes.
   *
   * @throws IllegalArgumentException if there is no query at all
   */
  public static MapFreeScore of(List<MapFreeSceneScore> scenes) {
    List<MapFreeFrameScore> frames =
        scenes.stream().flatMap(scene -> scene.frames().stream()).toList();
    int missing = scenes.stream().mapToInt(MapFreeSceneScore::missing).sum();
    return new MapFreeScore(
        scenes.size(),
        frames.size() + missing,
        mean(scenes, MapFreeSceneScore::medianTranslationM),
        mean(scenes, MapFreeSceneScore::medianRotationDeg),
        mean(scenes, MapFreeSceneScore::medianVcrePx),
        ranked(frames, missing, frame -> frame.vcrePx() < 90),
        ranked(frames, missing, frame -> frame.vcrePx() < 45),
        ranked(
            frames,
            missing,
            frame ->
                frame.translationM() < MAX_TRANSLATION_M
                    && frame.rotationDeg() < MAX_ROTATION_DEG));
  }

  /** Returns how many queries have no pose. */
  public int missing() {
    return (int) Math.round(frames * (1 - pose.answered()));
  }

  /** Returns what a baseline may hold of the benchmark. */
  public List<Figure> figures() {
    return List.of(
        Figure.lowerIsBetter("missing", missing(), Slack.of(1)),
        Figure.lowerIsBetter("median_translation_m", medianTranslationM, Slack.ofPercent(10)),
        Figure.lowerIsBetter("median_rotation_deg", medianRotationDeg, Slack.ofPercent(10)),
        Figure.lowerIsBetter("median_vcre_px", medianVcrePx, Slack.ofPercent(10)),
        Figure.higherIsBetter("vcre90_precision", 100 * vcre90.precision(), Slack.of(2)),
        Figure.higherIsBetter("vcre90_auc", 100 * vcre90.auc(), Slack.of(2)),
        Figure.higherIsBetter("vcre45_precision", 100 * vcre45.precision(), Slack.of(2)),
        Figure.higherIsBetter("vcre45_auc", 100 * vcre45.auc(), Slack.of(2)),
        Figure.higherIsBetter("pose_precision", 100 * pose.precision(), Slack.of(2)),
        Figure.higherIsBetter("pose_auc", 100 * pose.auc(), Slack.of(2)));
  }

  private static RankedPrecision ranked(
      List<MapFreeFrameScore> frames, int missing, Predicate<MapFreeFrameScore> correct) {
    return new RankedPrecision(
        frames.stream()
            .map(frame -> new RankedPrecision.Answer(frame.confidence(), correct.test(frame)))
            .toList(),
        missing);
  }

  private static double mean(
      List<MapFreeSceneScore> scenes, Function<MapFreeSceneScore, Optional<Double>> median) {
    return scenes.stream()
        .flatMap(scene -> median.apply(scene).stream())
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.POSITIVE_INFINITY);
  }
}
