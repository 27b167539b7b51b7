package dev.mast3r.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import java.util.List;
import org.junit.jupiter.api.Test;

class MapFreeScoreTest {

  private static final Intrinsics CAMERA = new Intrinsics(590, 590, 269.5, 359.5);

  private static MapFreeFrameScore frame(double metres, double degrees, double px, double sure) {
    return new MapFreeFrameScore(metres, degrees, px, sure);
  }

  @Test
  void aFrameIsOffByItsCentreItsRotationAndItsVirtualPoints() {
    Rigid3 truth =
        new Rigid3(Rotation3.aboutAxis(new Point3(0.3, 1, 0), 0.4), new Point3(0.5, 0.1, -0.3));
    Rigid3 shift = new Rigid3(Rotation3.identity(), new Point3(-0.1, 0, 0));

    MapFreeFrameScore score = MapFreeFrameScore.of(truth, shift.times(truth), 7, CAMERA, 540, 720);

    assertEquals(0.1, score.translationM(), 1e-12);
    assertEquals(0, score.rotationDeg(), 1e-6);
    assertEquals(21.631993, score.vcrePx(), 1e-6); // what the benchmark's own evaluation gives
    assertEquals(7, score.confidence());
  }

  @Test
  void averagesTheMediansOfScenesThatHaveAPose() {
    MapFreeScore score =
        MapFreeScore.of(
            List.of(
                new MapFreeSceneScore(
                    "s0",
                    List.of(frame(1, 10, 30, 1), frame(3, 20, 50, 1), frame(2, 60, 10, 1)),
                    5),
                new MapFreeSceneScore("s1", List.of(frame(4, 2, 70, 1), frame(5, 4, 90, 1)), 0),
                new MapFreeSceneScore("s2", List.of(), 2)));

    assertEquals((2 + 4.5) / 2, score.medianTranslationM());
    assertEquals((20 + 3.0) / 2, score.medianRotationDeg());
    assertEquals((30 + 80.0) / 2, score.medianVcrePx());
    assertEquals(3, score.scenes());
    assertEquals(12, score.frames());
    assertEquals(7, score.missing());
    assertEquals(5.0 / 12, score.pose().answered());
  }

  @Test
  void aMissingPoseIsAWrongOneAndThresholdsAreStrict() {
    MapFreeScore score =
        MapFreeScore.of(
            List.of(
                new MapFreeSceneScore(
                    "s0",
                    List.of(
                        frame(0.2, 4.9, 44, 10),
                        frame(0.25, 1, 45, 9),
                        frame(0.1, 5, 90, 8),
                        frame(0.1, 1, 89, 7)),
                    1)));

    assertEquals(3 / 5.0, score.vcre90().precision(), 1e-12);
    assertEquals(1 / 5.0, score.vcre45().precision(), 1e-12);
    assertEquals(2 / 5.0, score.pose().precision(), 1e-12);
    // ranked: right, right, wrong, right of five frames
    assertEquals((1 + 1 + 2 / 3.0 + 3 / 4.0) / 5, score.vcre90().auc(), 1e-12);
  }
}
