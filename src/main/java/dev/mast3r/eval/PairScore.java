package dev.mast3r.eval;

import java.util.List;
import java.util.Optional;

/**
 * How well one pair was matched and its pose found.
 *
 * @param poseErrorDeg see {@link PoseError#poseErrorDeg}; infinite without a pose
 * @param matches how far the correspondences are from the truth; empty where the truth gives no
 *     epipolar lines: no intrinsics, or no translation
 */
public record PairScore(double poseErrorDeg, Optional<MatchScore> matches) {

  /** Returns one line that {@link #parse} turns back into this score, to the last bit. */
  public String text() {
    return poseErrorDeg
        + matches.map(score -> " " + score.medianPx() + " " + score.near()).orElse("");
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static PairScore parse(String text) {
    List<Double> numbers = List.of(text.split(" ", -1)).stream().map(Double::valueOf).toList();
    return switch (numbers.size()) {
      case 1 -> new PairScore(numbers.get(0), Optional.empty());
      case 3 ->
          new PairScore(
              numbers.get(0), Optional.of(new MatchScore(numbers.get(1), numbers.get(2))));
      default -> throw new IllegalArgumentException("not a score: " + text);
    };
  }
}
