package dev.mast3r.app;

import dev.mast3r.eval.MapFreeFrameScore;
import dev.mast3r.eval.MapFreeScene;
import dev.mast3r.eval.MapFreeSceneScore;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.output.MapFreeSubmission;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Sets poses of Map-free queries beside the true ones. */
public final class MapFreeScoring {

  private MapFreeScoring() {}

  /**
   * Scores a submission. A scene that is not in it adds all its frames to the missing ones, not
   * only those that are asked for: that is how the benchmark counts.
   *
   * @param step every how manieth query is asked for
   * @param warning is told what cannot be used of the file
   * @return the scores of the scenes whose true poses are told
   * @throws dev.mast3r.error.InputException if the file is no submission
   */
  public static List<MapFreeSceneScore> ofSubmission(
      Path file, List<MapFreeScene> scenes, int step, Consumer<String> warning) {
    Map<String, List<MapFreeSubmission.Pose>> submitted = MapFreeSubmission.read(file, warning);
    List<MapFreeSceneScore> scores = new ArrayList<>();
    for (MapFreeScene scene : scenes) {
      if (!isTold(scene)) {
        continue;
      }
      Optional<List<MapFreeSubmission.Pose>> poses =
          Optional.ofNullable(submitted.get(scene.name()));
      if (poses.isEmpty()) {
        warning.accept(file + ": expected pose_" + scene.name() + ".txt, found none");
      }
      scores.add(
          poses
              .map(found -> score(scene, step, found))
              .orElseGet(
                  () -> new MapFreeSceneScore(scene.name(), List.of(), scene.queries().size())));
    }
    return scores;
  }

  /** Returns whether the scene tells its true poses. */
  public static boolean isTold(MapFreeScene scene) {
    return scene.queries().stream().anyMatch(query -> scene.queryFromReference(query).isPresent());
  }

  /** Scores one scene; queries whose true pose is not told do not count. */
  static MapFreeSceneScore score(MapFreeScene scene, int step, List<MapFreeSubmission.Pose> poses) {
    Map<Integer, MapFreeSubmission.Pose> byFrame = new HashMap<>();
    poses.forEach(pose -> byFrame.put(pose.frame(), pose));
    List<MapFreeFrameScore> frames = new ArrayList<>();
    int missing = 0;
    for (MapFreeScene.Frame query : scene.everyNthQuery(step)) {
      Optional<Rigid3> truth = scene.queryFromReference(query);
      if (truth.isEmpty()) {
        continue;
      }
      Optional<MapFreeSubmission.Pose> pose =
          MapFreeSubmission.frameNumber(query.path())
              .flatMap(number -> Optional.ofNullable(byFrame.get(number)));
      if (pose.isPresent()) {
        frames.add(score(scene, query, truth.get(), pose.get()));
      } else {
        missing++;
      }
    }
    return new MapFreeSceneScore(scene.name(), frames, missing);
  }

  static MapFreeFrameScore score(
      MapFreeScene scene, MapFreeScene.Frame query, Rigid3 truth, MapFreeSubmission.Pose pose) {
    return MapFreeFrameScore.of(
        truth,
        pose.queryFromReference(),
        pose.confidence(),
        query.intrinsics(),
        scene.width(),
        scene.height());
  }
}
