package dev.mast3r.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairSetScoreTest {

  private static PairScore pair(double poseErrorDeg, double medianPx, double near) {
    return new PairScore(poseErrorDeg, Optional.of(new MatchScore(medianPx, near)), List.of());
  }

  @Test
  void countsAPairWithoutAPoseAsInfinitelyWrong() {
    PairSetScore score =
        PairSetScore.of(
            List.of(
                pair(1, 0.5, 1),
                pair(Double.POSITIVE_INFINITY, 40, 0.25),
                pair(3, 2, 0.75),
                pair(7, 1, 0.5)));

    assertEquals(4, score.pairs());
    assertEquals(1, score.failed());
    // (1 deg: a quarter), (3: a half), (7: three quarters), flat to 10
    assertEquals(100 * (1 * 0.125 + 2 * 0.375 + 4 * 0.625 + 3 * 0.75) / 10, score.auc10(), 1e-9);
    assertEquals(5, score.medianPoseErrorDeg());
    assertEquals(1.5, score.medianMatchErrorPx().orElseThrow());
    assertEquals(62.5, score.nearMatches().orElseThrow());
  }

  @Test
  void leavesMatchFiguresOutWhereTheTruthHasNoEpipolarLines() {
    PairSetScore score = PairSetScore.of(List.of(new PairScore(2, Optional.empty(), List.of())));

    assertEquals(Optional.empty(), score.medianMatchErrorPx());
    assertEquals(
        List.of("failed", "auc5", "auc10", "auc20", "median_pose_error_deg"),
        score.figures().stream().map(Figure::name).toList());
  }

  @Test
  void takesTheMedianOfEveryEstimatedFocalLength() {
    PairSetScore score =
        PairSetScore.of(
            List.of(
                new PairScore(1, Optional.empty(), List.of(0.1, 0.02)),
                new PairScore(1, Optional.empty(), List.of()),
                new PairScore(1, Optional.empty(), List.of(0.05))));

    assertEquals(5, score.medianFocalError().orElseThrow(), 1e-9);
    assertEquals("median_focal_error_percent", score.figures().get(5).name());
  }

  @Test
  void aPairsScoreSurvivesItsTextToTheLastBit() {
    for (PairScore score :
        List.of(
            pair(1.0 / 3, 2.0 / 3, 0.1 + 0.2),
            pair(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0),
            new PairScore(0.7, Optional.empty(), List.of()),
            new PairScore(0.7, Optional.empty(), List.of(1.0 / 7, 0.0)),
            new PairScore(2, Optional.of(new MatchScore(1, 0.5)), List.of(0.3)))) {
      assertEquals(score, PairScore.parse(score.text()));
    }
    assertThrows(IllegalArgumentException.class, () -> PairScore.parse("1;2;"));
    assertThrows(IllegalArgumentException.class, () -> PairScore.parse("1 2 3"));
  }

  @Test
  void countsMatchesNearTheirLines() {
    Intrinsics k = new Intrinsics(500, 500, 320, 240);
    EpipolarError rectified =
        new EpipolarError(new Rigid3(Rotation3.identity(), new Point3(-0.2, 0, 0)), k, k);
    List<MatchScore.PixelPair> pairs =
        IntStream.range(0, 8)
            .mapToObj(
                i -> new MatchScore.PixelPair(new Point2(100, 50), new Point2(90, 50 + i - 0.5)))
            .toList();

    MatchScore score = MatchScore.of(rectified, pairs);

    assertEquals(3, score.medianPx(), 1e-9); // of 0.5 0.5 1.5 2.5 3.5 4.5 5.5 6.5
    assertEquals(0.5, score.near());
    assertEquals(MatchScore.NONE, MatchScore.of(rectified, List.of()));
  }
}
