package dev.mast3r.pose.opencv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.eval.PoseError;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.pose.FocalFromMatches;
import dev.mast3r.pose.FocalFromMatches.Cameras;
import dev.mast3r.pose.FocalPrior;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.PoseOptions;
import dev.mast3r.pose.PoseProblem;
import dev.mast3r.pose.PoseResult;
import dev.mast3r.pose.RelativePoseEstimator;
import dev.mast3r.testsupport.OpenCvForTests;
import dev.mast3r.testsupport.SyntheticScene;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FocalFromMatchesTest {

  private static final double WIDE = 0.3;

  @BeforeAll
  static void loadOpenCv() {
    OpenCvForTests.load();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.65, 0.8, 1.3, 1.5})
  void findsTheFocalLengthsOfExactMatches(double wrong) {
    SyntheticScene scene = SyntheticScene.seeded(1);

    Cameras found = estimate(scene, wrong, WIDE).orElseThrow();

    // the prior, and that both be alike, pull a little: the true ones are 7 % apart
    assertEquals(1, found.a().fx() / scene.intrinsicsA().fx(), 0.02);
    assertEquals(1, found.b().fx() / scene.intrinsicsB().fx(), 0.02);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void bringsThePoseNearerToTheTruth(long seed) {
    SyntheticScene scene = SyntheticScene.seeded(seed).withPixelNoise(0.3).withOutliers(0.3);

    Cameras found = estimate(scene, 0.75, WIDE).orElseThrow();

    double before = errorDeg(scene, priorA(scene, 0.75, 0), priorB(scene, 0.75, 0));
    double after = errorDeg(scene, found);
    assertTrue(after < before / 2, () -> after + " degrees after " + before);
  }

  @Test
  void keepsPrincipalPointsAndRatiosOfFocalLengths() {
    SyntheticScene scene = SyntheticScene.seeded(2);

    Intrinsics found = estimate(scene, 0.8, WIDE).orElseThrow().a();

    assertEquals(scene.intrinsicsA().cx(), found.cx());
    assertEquals(scene.intrinsicsA().cy(), found.cy());
    assertEquals(
        scene.intrinsicsA().fy() / scene.intrinsicsA().fx(), found.fy() / found.fx(), 1e-12);
  }

  @Test
  void leavesAKnownCameraAsItIs() {
    SyntheticScene scene = SyntheticScene.seeded(3);

    Cameras found =
        focals()
            .estimate(
                scene.problem().matches().distinct(),
                priorA(scene, 1, 0),
                priorB(scene, 1.4, WIDE),
                PoseOptions.defaults())
            .orElseThrow();

    assertEquals(scene.intrinsicsA(), found.a());
    assertEquals(1, found.b().fx() / scene.intrinsicsB().fx(), 0.02);
  }

  @Test
  void staysNearThePriorBeforeAPlaneWhichTellsNoFocalLengths() {
    SyntheticScene scene = SyntheticScene.planar(1).withPixelNoise(0.3);

    Cameras found = estimate(scene, 0.8, 0.02).orElseThrow();

    assertEquals(0.8, found.a().fx() / scene.intrinsicsA().fx(), 3 * 0.8 * 0.02);
    assertEquals(0.8, found.b().fx() / scene.intrinsicsB().fx(), 3 * 0.8 * 0.02);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 12, 60})
  void findsNothingInChanceMatches(int matches) {
    SyntheticScene scene = SyntheticScene.ofMatches(9, matches).withOutliers(1);

    assertEquals(Optional.empty(), estimate(scene, 1, WIDE));
  }

  @Test
  void givesTheSameResultForTheSameSeed() {
    SyntheticScene scene = SyntheticScene.seeded(10).withPixelNoise(0.5).withOutliers(0.4);

    assertEquals(estimate(scene, 1.2, WIDE), estimate(scene, 1.2, WIDE));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 20})
  void givesTheSameResultWithAnyNumberOfThreads(int threads) {
    SyntheticScene scene = SyntheticScene.seeded(11).withPixelNoise(0.5).withOutliers(0.4);

    assertEquals(estimate(scene, 1.2, WIDE, 1), estimate(scene, 1.2, WIDE, threads));
  }

  private static FocalFromMatches focals() {
    return OpenCvPoseEstimators.focalFromMatches(2);
  }

  private static Optional<Cameras> estimate(SyntheticScene scene, double wrong, double spread) {
    return estimate(scene, wrong, spread, 2);
  }

  private static Optional<Cameras> estimate(
      SyntheticScene scene, double wrong, double spread, int threads) {
    return OpenCvPoseEstimators.focalFromMatches(threads)
        .estimate(
            scene.problem().matches().distinct(),
            priorA(scene, wrong, spread),
            priorB(scene, wrong, spread),
            PoseOptions.defaults());
  }

  private static FocalPrior priorA(SyntheticScene scene, double wrong, double spread) {
    return prior(scene.intrinsicsA(), wrong, spread);
  }

  private static FocalPrior priorB(SyntheticScene scene, double wrong, double spread) {
    return prior(scene.intrinsicsB(), wrong, spread);
  }

  private static FocalPrior prior(Intrinsics truth, double wrong, double spread) {
    Intrinsics off = new Intrinsics(wrong * truth.fx(), wrong * truth.fy(), truth.cx(), truth.cy());
    return new FocalPrior(off, SyntheticScene.WIDTH, spread);
  }

  private static double errorDeg(SyntheticScene scene, FocalPrior a, FocalPrior b) {
    return errorDeg(scene, new Cameras(a.intrinsics(), b.intrinsics()));
  }

  private static double errorDeg(SyntheticScene scene, Cameras cameras) {
    RelativePoseEstimator essential =
        OpenCvPoseEstimators.forMethod(Optional.of(PoseMethod.ESSENTIAL));
    PoseProblem problem =
        new PoseProblem(scene.problem().matches(), cameras.a(), cameras.b(), Optional.empty());
    PoseResult.Found found = (PoseResult.Found) essential.estimate(problem, PoseOptions.defaults());
    return PoseError.of(scene.bFromA(), found.bFromA()).poseErrorDeg();
  }
}
