package dev.mast3r.pose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.OpenCvForTests;
import dev.mast3r.testsupport.Rigid3Assert;
import dev.mast3r.testsupport.SyntheticScene;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every estimator of a relative pose owes, whatever its method. */
public abstract class PoseEstimatorContract {

  /** OpenCV's solvers and the pointmaps carry floats: seven digits of coordinates up to 10. */
  private static final double EXACT_DEG = 0.01;

  private static final double EXACT_M = 1e-3;

  @BeforeAll
  static void loadOpenCv() {
    OpenCvForTests.load();
  }

  /** Returns the estimator under test. */
  protected abstract RelativePoseEstimator estimator();

  /** Returns the method that it says it used on a scene with parallax. */
  protected abstract PoseMethod method();

  /** Returns the fewest exact matches that give a pose. */
  protected abstract int fewestMatches();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void recoversThePoseFromExactMatches(long seed) {
    SyntheticScene scene = SyntheticScene.seeded(seed);

    PoseResult.Found found = found(scene.problem());

    Rigid3Assert.assertNear(scene.bFromA(), found.bFromA(), EXACT_DEG, EXACT_M);
    assertTrue(found.metric());
    assertEquals(method(), found.method());
    assertEquals(300, found.matches());
    assertEquals(300, found.inliers());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void withstandsThirtyPercentOutliers(long seed) {
    SyntheticScene scene = SyntheticScene.seeded(seed).withOutliers(0.3);

    PoseResult.Found found = found(scene.problem());

    // a wrong match may lie within the threshold and pull a little
    Rigid3Assert.assertNear(scene.bFromA(), found.bFromA(), 0.3, 0.03);
    assertTrue(found.inliers() >= 210 && found.inliers() < 230, "inliers: " + found.inliers());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void recoversThePoseBeforeAPlane(long seed) {
    SyntheticScene scene = SyntheticScene.planar(seed);

    PoseResult.Found found = found(scene.problem());

    Rigid3Assert.assertNear(scene.bFromA(), found.bFromA(), EXACT_DEG, EXACT_M);
  }

  @Test
  void countsARepeatedMatchOnce() {
    SyntheticScene scene = SyntheticScene.seeded(6);
    PoseResult once = estimator().estimate(scene.problem(), PoseOptions.defaults());

    PoseResult thrice =
        estimator().estimate(scene.withMatchesTripled().problem(), PoseOptions.defaults());

    assertEquals(once, thrice);
  }

  @Test
  void givesNoPoseForOneMatchRepeated() {
    SyntheticScene scene = SyntheticScene.seeded(7).withOneMatchRepeated();

    assertEquals(
        new PoseResult.NotFound(method(), PoseResult.Reason.TOO_FEW_MATCHES, 1),
        estimator().estimate(scene.problem(), PoseOptions.defaults()));
  }

  @Test
  void givesNoPoseForTooFewMatches() {
    for (int matches = 0; matches < fewestMatches(); matches++) {
      PoseProblem problem = SyntheticScene.ofMatches(8, matches).problem();

      PoseResult.NotFound none =
          assertInstanceOf(
              PoseResult.NotFound.class, estimator().estimate(problem, PoseOptions.defaults()));

      assertEquals(matches, none.matches());
      assertTrue(
          List.of(PoseResult.Reason.TOO_FEW_MATCHES, PoseResult.Reason.TOO_FEW_INLIERS)
              .contains(none.reason()));
    }
  }

  @Test
  void givesAPoseForTheFewestExactMatches() {
    SyntheticScene scene = SyntheticScene.ofMatches(8, fewestMatches());

    assertEquals(fewestMatches(), found(scene.problem()).inliers());
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 12, 60})
  void givesNoPoseForChanceMatches(int matches) {
    PoseProblem problem = SyntheticScene.ofMatches(9, matches).withOutliers(1).problem();

    assertInstanceOf(
        PoseResult.NotFound.class, estimator().estimate(problem, PoseOptions.defaults()));
  }

  @Test
  void givesTheSameResultForTheSameSeed() {
    PoseProblem problem = SyntheticScene.seeded(10).withPixelNoise(0.5).withOutliers(0.4).problem();
    PoseOptions options =
        PoseOptions.of(Optional.empty(), PoseOptions.defaults().threshold(), 10000, 0.9999, 42);

    assertEquals(estimator().estimate(problem, options), estimator().estimate(problem, options));
  }

  protected final PoseResult.Found found(PoseProblem problem) {
    return assertInstanceOf(
        PoseResult.Found.class, estimator().estimate(problem, PoseOptions.defaults()));
  }
}
