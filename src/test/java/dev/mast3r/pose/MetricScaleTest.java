package dev.mast3r.pose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.geometry.Rigid3;
import dev.mast3r.testsupport.Rigid3Assert;
import dev.mast3r.testsupport.SyntheticScene;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricScaleTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void isExactForExactDepths(long seed) {
    SyntheticScene scene = SyntheticScene.seeded(seed);

    assertTrue(scale(scene, scene.pointsOfA()).isTrusted());
    assertEquals(length(scene), scale(scene, scene.pointsOfA()).length(), 1e-5);
    assertEquals(length(scene), scale(scene, scene.points(true)).length(), 1e-5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void withstandsNoiseAndFortyPercentOfWrongDepths(long seed) {
    SyntheticScene scene =
        SyntheticScene.seeded(seed).withPixelNoise(0.5).withDepthNoise(0.05).withDepthOutliers(0.4);

    // 180 sound votes of 5 % noise each: the mean is good to half a percent, and the wrong votes
    // that fall into the window pull evenly
    assertEquals(1, scale(scene, scene.pointsOfA()).length() / length(scene), 0.03);
  }

  @Test
  void followsTheMajorityIfTheTwoPointmapsDisagree() {
    SyntheticScene scene = SyntheticScene.seeded(6).withMapScales(1, 1.5).withDepthOutliers(0.5);

    assertEquals(1.5, scale(scene, scene.points(true)).length() / length(scene), 0.02);
  }

  @Test
  void isNotTrustedIfNoVotesAgree() {
    SyntheticScene scene = SyntheticScene.seeded(7).withDepthNoise(3);

    assertFalse(scale(scene, scene.points(true)).isTrusted());
  }

  @Test
  void isNotTrustedForFourMatches() {
    SyntheticScene scene = SyntheticScene.ofMatches(8, 4);

    assertFalse(scale(scene, scene.pointsOfA()).isTrusted());
  }

  @Test
  void isZeroWithoutVotes() {
    SyntheticScene scene = SyntheticScene.seeded(9).withMapScales(Double.NaN, 1);

    assertEquals(new MetricScale(0, 0, 0), scale(scene, scene.pointsOfA()));
  }

  private static double length(SyntheticScene scene) {
    return scene.bFromA().translation().norm();
  }

  private static MetricScale scale(SyntheticScene scene, PointEvidence points) {
    Rigid3 unit = Rigid3Assert.unit(scene.bFromA());
    List<RayPair> rays = RayPair.of(scene.matches(), scene.problem());
    MotionSupport motion = MotionSupport.of(unit, rays, 3.0 / 540, 0.5);
    return MetricScale.of(motion, scene.matches(), scene.problem(), points);
  }
}
