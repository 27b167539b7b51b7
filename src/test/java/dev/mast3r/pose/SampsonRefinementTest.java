package dev.mast3r.pose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.geometry.EssentialMatrix;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import dev.mast3r.testsupport.Rigid3Assert;
import dev.mast3r.testsupport.SyntheticScene;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampsonRefinementTest {

  private static final MixtureLoss ONE_PIXEL = new MixtureLoss(1.0 / 540);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void findsBackToTheTruthOfExactMatches(long seed) {
    SyntheticScene scene = SyntheticScene.seeded(seed);
    Rigid3 truth = Rigid3Assert.unit(scene.bFromA());

    Rigid3 refined = new SampsonRefinement(rays(scene), ONE_PIXEL).descend(disturbed(truth, 0.2));

    Rigid3Assert.assertNear(truth, refined, 1e-6, 1e-8);
  }

  @Test
  void staysAtTheTruthOfExactMatches() {
    SyntheticScene scene = SyntheticScene.seeded(6);
    Rigid3 truth = Rigid3Assert.unit(scene.bFromA());

    Rigid3 refined = new SampsonRefinement(rays(scene), ONE_PIXEL).descend(truth);

    Rigid3Assert.assertNear(truth, refined, 1e-9, 1e-9);
  }

  @Test
  void lowersTheCostOfNoisyMatches() {
    SyntheticScene scene = SyntheticScene.seeded(7).withPixelNoise(0.5).withOutliers(0.3);
    Rigid3 start = disturbed(Rigid3Assert.unit(scene.bFromA()), 0.5);

    Rigid3 refined = new SampsonRefinement(rays(scene), ONE_PIXEL).descend(start);

    assertTrue(cost(refined, scene) < cost(start, scene));
    assertEquals(1, refined.translation().norm(), 1e-12);
  }

  private static List<RayPair> rays(SyntheticScene scene) {
    return RayPair.of(scene.matches(), scene.problem());
  }

  private static double cost(Rigid3 motion, SyntheticScene scene) {
    EssentialMatrix e = EssentialMatrix.ofMotion(motion);
    return rays(scene).stream()
        .mapToDouble(ray -> ONE_PIXEL.of(e.sampsonError(ray.a(), ray.b())))
        .sum();
  }

  private static Rigid3 disturbed(Rigid3 motion, double deg) {
    Rotation3 turn = Rotation3.aboutAxis(new Point3(1, -2, 0.5), Math.toRadians(deg));
    Rotation3 tilt = Rotation3.aboutAxis(new Point3(0.3, 1, 2), Math.toRadians(2 * deg));
    return new Rigid3(turn.times(motion.rotation()), tilt.apply(motion.translation()));
  }
}
