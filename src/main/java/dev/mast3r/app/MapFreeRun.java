package dev.mast3r.app;

import dev.mast3r.batch.ProgressSink;
import dev.mast3r.eval.MapFreeScene;
import dev.mast3r.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A run over Map-free scenes.
 *
 * @param scenes at least one
 * @param step every how manieth query is asked for; the benchmark says 5
 * @param submission the ZIP to write, if any
 * @param table where the errors of every query are written, if anywhere
 * @param resume whether to go on where an interrupted run stopped
 * @param settings all options that shape the results, as text
 * @param progress is told how the run advances
 */
public record MapFreeRun(
    List<MapFreeScene> scenes,
    int step,
    Optional<Path> submission,
    Optional<Path> table,
    boolean resume,
    String settings,
    ProgressSink progress) {

  public MapFreeRun {
    scenes = List.copyOf(scenes);
    submission.ifPresent(file -> MatchTarget.checkFolder("--submission", file));
    table.ifPresent(file -> MatchTarget.checkFolder("-o", file));
  }

  /** One query of a scene. */
  record Query(MapFreeScene scene, MapFreeScene.Frame frame) {

    /** Returns scene and frame, for messages. */
    String name() {
      return scene.name() + "/" + frame.path();
    }

    PoseTask task() {
      return new PoseTask(view(scene.reference()), view(frame));
    }

    private PoseTask.View view(MapFreeScene.Frame seen) {
      return new PoseTask.View(
          seen.path(),
          PhotoFile.of(scene.folder().resolve(seen.path())),
          Optional.of(new GivenIntrinsics(seen.intrinsics(), GivenIntrinsics.Source.LIST)));
    }
  }

  /** Returns all queries that are asked for, scene by scene. */
  List<Query> queries() {
    return scenes.stream()
        .flatMap(scene -> scene.everyNthQuery(step).stream().map(frame -> new Query(scene, frame)))
        .toList();
  }

  /** Returns where the run remembers what is finished: beside its first output. */
  Optional<Path> journal() {
    return submission
        .or(() -> table)
        .map(file -> file.resolveSibling(file.getFileName() + ".journal"));
  }

  /** Returns one line that differs for other scenes or other settings. */
  String fingerprint() {
    byte[] text = (scenes + "\n" + step + settings).getBytes(StandardCharsets.UTF_8);
    Sha256 hash = new Sha256();
    hash.update(text, 0, text.length);
    return hash.hex();
  }
}
