package dev.mast3r.pose.opencv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.pose.PoseEstimatorContract;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.PoseOptions;
import dev.mast3r.pose.PoseResult;
import dev.mast3r.pose.RelativePoseEstimator;
import dev.mast3r.testsupport.Rigid3Assert;
import dev.mast3r.testsupport.SyntheticScene;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AutoPoseTest extends PoseEstimatorContract {

  @Override
  protected RelativePoseEstimator estimator() {
    return OpenCvPoseEstimators.forMethod(Optional.empty());
  }

  @Override
  protected PoseMethod method() {
    return PoseMethod.ESSENTIAL;
  }

  /** PnP steps in where the essential matrix has too few. */
  @Override
  protected int fewestMatches() {
    return 5;
  }

  @Test
  void turnsToPnpForPureRotation() {
    SyntheticScene scene = SyntheticScene.turning(11);

    PoseResult.Found found = found(scene.problem());

    assertEquals(PoseMethod.PNP, found.method());
    assertTrue(found.metric());
    Rigid3Assert.assertNear(scene.bFromA(), found.bFromA(), 0.01, 1e-3);
  }

  @Test
  void givesTheReasonOfTheEssentialMatrixWithoutPoints() {
    SyntheticScene scene = SyntheticScene.turning(12);

    assertEquals(
        new PoseResult.NotFound(PoseMethod.ESSENTIAL, PoseResult.Reason.DEGENERATE, 300),
        estimator().estimate(scene.problem(Optional.empty()), PoseOptions.defaults()));
  }

  @Test
  void keepsTheUnitTranslationIfThePointsMakeNoSense() {
    SyntheticScene scene = SyntheticScene.seeded(13).withDepthNoise(3);

    PoseResult.Found found = found(scene.problem());

    assertEquals(PoseMethod.ESSENTIAL, found.method());
    assertFalse(found.metric());
  }

  @Test
  void staysWithTheEssentialMatrixForPointsOfArbitraryScale() {
    SyntheticScene scene = SyntheticScene.seeded(14).withMapScales(2, 3);

    assertEquals(
        PoseMethod.ESSENTIAL, found(scene.problem(Optional.of(scene.points(false)))).method());
  }
}
