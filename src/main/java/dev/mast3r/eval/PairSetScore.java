package dev.mast3r.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How well the pairs of a set were matched and their poses found; a pair without a pose counts as
 * infinitely wrong.
 *
 * @param pairs of the set
 * @param failed pairs without a pose
 * @param auc5 area under the recall curve of the pose error up to 5 degrees, in percent
 * @param auc10 up to 10 degrees
 * @param auc20 up to 20 degrees
 * @param medianPoseErrorDeg infinite if half of the pairs failed
 * @param medianMatchErrorPx the median over pairs of {@link MatchScore#medianPx}; empty if no pair
 *     has true epipolar lines
 * @param nearMatches the mean over pairs of {@link MatchScore#near}, in percent; empty likewise
 * @param medianFocalError the median over images by which an estimated focal length is off, in
 *     percent; empty if none was estimated
 */
public record PairSetScore(
    int pairs,
    int failed,
    double auc5,
    double auc10,
    double auc20,
    double medianPoseErrorDeg,
    Optional<Double> medianMatchErrorPx,
    Optional<Double> nearMatches,
    Optional<Double> medianFocalError) {

  /** The name of the benchmark in baseline files. */
  public static final String BENCHMARK = "pairs";

  /**
   * Sums up a set.
   *
   * @throws IllegalArgumentException if there is no pair
   */
  public static PairSetScore of(List<PairScore> scores) {
    List<Double> poseErrors = scores.stream().map(PairScore::poseErrorDeg).toList();
    List<MatchScore> matched = scores.stream().flatMap(s -> s.matches().stream()).toList();
    AucCurve curve = AucCurve.of(poseErrors);
    Optional<List<MatchScore>> some = Optional.of(matched).filter(list -> !list.isEmpty());
    return new PairSetScore(
        scores.size(),
        (int) poseErrors.stream().filter(error -> error.isInfinite()).count(),
        100 * curve.areaUpTo(5),
        100 * curve.areaUpTo(10),
        100 * curve.areaUpTo(20),
        Median.of(poseErrors),
        some.map(list -> Median.of(list.stream().map(MatchScore::medianPx).toList())),
        some.map(list -> 100 * list.stream().mapToDouble(MatchScore::near).average().orElseThrow()),
        Optional.of(scores.stream().flatMap(score -> score.focalErrors().stream()).toList())
            .filter(list -> !list.isEmpty())
            .map(list -> 100 * Median.of(list)));
  }

  /**
   * Returns what a baseline may hold of the set.
   *
   * <p>Slacks of new baselines: the random search for a pose gains or loses about one hard pair
   * when the matches change in their last bits, as they do from one processor to the next; the
   * matches themselves hardly change.
   */
  public List<Figure> figures() {
    Slack onePair = Slack.of(Math.max(1, Math.round(1000.0 / pairs) / 10.0));
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.lowerIsBetter("failed", failed, Slack.of(1)));
    figures.add(Figure.higherIsBetter("auc5", auc5, onePair));
    figures.add(Figure.higherIsBetter("auc10", auc10, onePair));
    figures.add(Figure.higherIsBetter("auc20", auc20, onePair));
    figures.add(
        Figure.lowerIsBetter("median_pose_error_deg", medianPoseErrorDeg, Slack.ofPercent(50)));
    medianMatchErrorPx.ifPresent(
        px -> figures.add(Figure.lowerIsBetter("median_match_error_px", px, Slack.ofPercent(10))));
    nearMatches.ifPresent(
        share -> figures.add(Figure.higherIsBetter("matches_within_3px", share, Slack.of(1))));
    medianFocalError.ifPresent(
        percent ->
            figures.add(
                Figure.lowerIsBetter("median_focal_error_percent", percent, Slack.ofPercent(50))));
    return List.copyOf(figures);
  }
}
