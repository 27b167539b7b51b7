package dev.mast3r.eval;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How well one pair was matched and its pose found.
 *
 * @param poseErrorDeg see {@link PoseError#poseErrorDeg}; infinite without a pose
 * @param matches how far the correspondences are from the truth; empty where the truth gives no
 *     epipolar lines: no intrinsics, or no translation
 * @param focalErrors by which share of the true one each estimated focal length is off: of none,
 *     one or both images
 */
public record PairScore(
    double poseErrorDeg, Optional<MatchScore> matches, List<Double> focalErrors) {

  public PairScore {
    focalErrors = List.copyOf(focalErrors);
  }

  /** Returns one line that {@link #parse} turns back into this score, to the last bit. */
  public String text() {
    List<Double> matched =
        matches.map(score -> List.of(score.medianPx(), score.near())).orElse(List.of());
    return poseErrorDeg + ";" + joined(matched) + ";" + joined(focalErrors);
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static PairScore parse(String text) {
    String[] parts = text.split(";", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a score: " + text);
    }
    List<Double> matched = numbers(parts[1]);
    return switch (matched.size()) {
      case 0 -> new PairScore(Double.parseDouble(parts[0]), Optional.empty(), numbers(parts[2]));
      case 2 ->
          new PairScore(
              Double.parseDouble(parts[0]),
              Optional.of(new MatchScore(matched.get(0), matched.get(1))),
              numbers(parts[2]));
      default -> throw new IllegalArgumentException("not a score: " + text);
    };
  }

  private static String joined(List<Double> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static List<Double> numbers(String text) {
    return text.isEmpty() ? List.of() : Stream.of(text.split(" ")).map(Double::valueOf).toList();
  }
}
