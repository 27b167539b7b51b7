package dev.mast3r.pose.opencv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.eval.PoseError;
import dev.mast3r.pose.PoseEstimatorContract;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.PoseOptions;
import dev.mast3r.pose.PoseResult;
import dev.mast3r.pose.RelativePoseEstimator;
import dev.mast3r.testsupport.Rigid3Assert;
import dev.mast3r.testsupport.SyntheticScene;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EssentialPoseTest extends PoseEstimatorContract {

  @Override
  protected RelativePoseEstimator estimator() {
    return OpenCvPoseEstimators.forMethod(Optional.of(PoseMethod.ESSENTIAL));
  }

  @Override
  protected PoseMethod method() {
    return PoseMethod.ESSENTIAL;
  }

  @Override
  protected int fewestMatches() {
    return 8;
  }

  @Test
  void givesAUnitTranslationWithoutPoints() {
    SyntheticScene scene = SyntheticScene.seeded(11);

    PoseResult.Found found = found(scene.problem(Optional.empty()));

    assertFalse(found.metric());
    Rigid3Assert.assertNear(Rigid3Assert.unit(scene.bFromA()), found.bFromA(), 0.01, 1e-3);
  }

  @Test
  void givesAUnitTranslationForPointsOfArbitraryScale() {
    SyntheticScene scene = SyntheticScene.seeded(12).withMapScales(3, 0.5);

    PoseResult.Found found = found(scene.problem(Optional.of(scene.points(false))));

    assertFalse(found.metric());
    Rigid3Assert.assertNear(Rigid3Assert.unit(scene.bFromA()), found.bFromA(), 0.01, 1e-3);
  }

  @Test
  void findsTheMetricScaleFromThePointsOfOneImage() {
    SyntheticScene scene = SyntheticScene.seeded(13);

    PoseResult.Found found = found(scene.problem(Optional.of(scene.pointsOfA())));

    assertTrue(found.metric());
    Rigid3Assert.assertNear(scene.bFromA(), found.bFromA(), 0.01, 1e-3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void choosesBetweenThePosesOfAPlaneByPointsOfArbitraryScale(long seed) {
    SyntheticScene scene =
        SyntheticScene.planar(seed)
            .withPixelNoise(0.3)
            .withOutliers(0.3)
            .withDepthNoise(0.02)
            .withMapScales(3, 0.5);

    PoseResult.Found found = found(scene.problem(Optional.of(scene.points(false))));

    // the twin is off by 7 degrees and more; noise on a plane leaves a degree
    Rigid3Assert.assertNear(Rigid3Assert.unit(scene.bFromA()), found.bFromA(), 2, 0.15);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void reportsNoPoseForPureRotation(long seed) {
    SyntheticScene scene = SyntheticScene.turning(seed);

    assertEquals(
        new PoseResult.NotFound(PoseMethod.ESSENTIAL, PoseResult.Reason.DEGENERATE, 300),
        estimator().estimate(scene.problem(), PoseOptions.defaults()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void reportsNoPoseForPureRotationWithNoiseAndOutliers(long seed) {
    SyntheticScene scene = SyntheticScene.turning(seed).withPixelNoise(0.4).withOutliers(0.3);

    assertEquals(
        new PoseResult.NotFound(PoseMethod.ESSENTIAL, PoseResult.Reason.DEGENERATE, 300),
        estimator().estimate(scene.problem(), PoseOptions.defaults()));
  }

  @Test
  void countsTheThresholdInOriginalPixels() {
    SyntheticScene scene = SyntheticScene.seeded(14).withPixelNoise(1);
    PoseOptions tight = threshold(0.25);
    PoseOptions loose = threshold(4);

    PoseResult.Found few = (PoseResult.Found) estimator().estimate(scene.problem(), tight);
    PoseResult.Found all = (PoseResult.Found) estimator().estimate(scene.problem(), loose);

    // Sampson's error of noise of 1 px in either image is about normal with a deviation of 1 px:
    // 20 % lie within 0.25 px, all but one in ten thousand within 4 px.
    assertEquals(0.2, few.inlierRatio(), 0.08);
    assertTrue(all.inlierRatio() > 0.98);
  }

  @Test
  void refinedMatchesOutvoteCoarseOnesWithinTheThreshold() {
    double usual = 0;
    double refined = 0;
    for (long seed = 20; seed < 40; seed++) {
      SyntheticScene scene =
          SyntheticScene.seeded(seed).withPixelNoise(0.05).withPixelNoiseOfSome(0.6, 0.8);
      usual += errorDeg(scene, PoseOptions.defaults());
      refined += errorDeg(scene, PoseOptions.defaults().forRefinedMatches());
    }

    assertTrue(refined < usual, refined + " degrees in place of " + usual);
  }

  private double errorDeg(SyntheticScene scene, PoseOptions options) {
    PoseResult.Found found =
        (PoseResult.Found) estimator().estimate(scene.problem(Optional.empty()), options);
    return PoseError.of(scene.bFromA(), found.bFromA()).poseErrorDeg();
  }

  private static PoseOptions threshold(double px) {
    return PoseOptions.of(Optional.empty(), OptionalDouble.of(px), 10000, 0.9999, 0);
  }
}
