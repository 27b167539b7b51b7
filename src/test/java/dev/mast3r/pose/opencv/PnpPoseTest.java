package dev.mast3r.pose.opencv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.mast3r.pose.PoseEstimatorContract;
import dev.mast3r.pose.PoseMethod;
import dev.mast3r.pose.PoseOptions;
import dev.mast3r.pose.PoseResult;
import dev.mast3r.pose.RelativePoseEstimator;
import dev.mast3r.testsupport.Rigid3Assert;
import dev.mast3r.testsupport.SyntheticScene;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PnpPoseTest extends PoseEstimatorContract {

  @Override
  protected RelativePoseEstimator estimator() {
    return OpenCvPoseEstimators.forMethod(Optional.of(PoseMethod.PNP));
  }

  @Override
  protected PoseMethod method() {
    return PoseMethod.PNP;
  }

  @Override
  protected int fewestMatches() {
    return 5;
  }

  @Test
  void needsThePointsOfAOnly() {
    SyntheticScene scene = SyntheticScene.seeded(11);

    PoseResult.Found found = found(scene.problem(Optional.of(scene.pointsOfA())));

    Rigid3Assert.assertNear(scene.bFromA(), found.bFromA(), 0.01, 1e-3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void recoversAPureRotation(long seed) {
    SyntheticScene scene = SyntheticScene.turning(seed).withOutliers(0.3);

    Rigid3Assert.assertNear(scene.bFromA(), found(scene.problem()).bFromA(), 0.3, 0.03);
  }

  @Test
  void givesAUnitTranslationForPointsOfArbitraryScale() {
    SyntheticScene scene = SyntheticScene.seeded(12).withMapScales(3, 0.5);

    PoseResult.Found found = found(scene.problem(Optional.of(scene.points(false))));

    assertFalse(found.metric());
    Rigid3Assert.assertNear(Rigid3Assert.unit(scene.bFromA()), found.bFromA(), 0.01, 1e-3);
  }

  @Test
  void saysThatThereIsNoDepth() {
    SyntheticScene scene = SyntheticScene.seeded(13);

    assertEquals(
        new PoseResult.NotFound(PoseMethod.PNP, PoseResult.Reason.NO_DEPTH, 300),
        estimator().estimate(scene.problem(Optional.empty()), PoseOptions.defaults()));
  }
}
