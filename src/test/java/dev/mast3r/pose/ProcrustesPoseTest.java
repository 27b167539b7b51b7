package dev.mast3r.pose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.mast3r.testsupport.Rigid3Assert;
import dev.mast3r.testsupport.SyntheticScene;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcrustesPoseTest extends PoseEstimatorContract {

  @Override
  protected RelativePoseEstimator estimator() {
    return new ProcrustesPose();
  }

  @Override
  protected PoseMethod method() {
    return PoseMethod.PROCRUSTES;
  }

  @Override
  protected int fewestMatches() {
    return 4;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void recoversAPureRotation(long seed) {
    SyntheticScene scene = SyntheticScene.turning(seed);

    Rigid3Assert.assertNear(scene.bFromA(), found(scene.problem()).bFromA(), 0.01, 1e-3);
  }

  @Test
  void fitsTheScaleOfPointsThatAreNotMetric() {
    SyntheticScene scene = SyntheticScene.seeded(12).withMapScales(3, 0.5).withOutliers(0.3);

    PoseResult.Found found = found(scene.problem(Optional.of(scene.points(false))));

    assertFalse(found.metric());
    Rigid3Assert.assertNear(Rigid3Assert.unit(scene.bFromA()), found.bFromA(), 0.3, 0.03);
  }

  @Test
  void needsThePointsOfBothImages() {
    SyntheticScene scene = SyntheticScene.seeded(13);

    assertEquals(
        new PoseResult.NotFound(PoseMethod.PROCRUSTES, PoseResult.Reason.NO_DEPTH, 300),
        estimator()
            .estimate(scene.problem(Optional.of(scene.pointsOfA())), PoseOptions.defaults()));
  }
}
