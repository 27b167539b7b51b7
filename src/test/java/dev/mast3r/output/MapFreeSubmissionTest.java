package dev.mast3r.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.Point3;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapFreeSubmissionTest {

  private static final String LINE = "seq1/frame_00005.jpg 0.8 0 0.6 0 1 -2 0.5 731";

  @TempDir Path folder;

  private static byte[] zip(Map<String, List<String>> scenes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MapFreeSubmission.write(out, scenes);
    return out.toByteArray();
  }

  @Test
  void isReadBackSceneByScene() throws IOException {
    Map<String, List<String>> scenes = new LinkedHashMap<>();
    scenes.put("s00460", List.of(LINE));
    scenes.put("s00461", List.of());
    Path file = Files.write(folder.resolve("submission.zip"), zip(scenes));
    List<String> warnings = new ArrayList<>();

    Map<String, List<MapFreeSubmission.Pose>> read = MapFreeSubmission.read(file, warnings::add);

    assertEquals(List.of("s00460", "s00461"), List.copyOf(read.keySet()));
    MapFreeSubmission.Pose pose = read.get("s00460").get(0);
    assertEquals(5, pose.frame());
    assertEquals(731, pose.confidence());
    assertEquals(new Point3(1, -2, 0.5), pose.queryFromReference().translation());
    assertEquals(0.6, pose.queryFromReference().rotation().toQuaternion().y(), 1e-12);
    assertEquals(List.of(), read.get("s00461"));
    assertEquals(List.of(), warnings);
  }

  @Test
  void equalPosesMakeEqualFiles() throws IOException {
    assertArrayEquals(zip(Map.of("s00460", List.of(LINE))), zip(Map.of("s00460", List.of(LINE))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seq1/frame_00005.jpg 1 0 0 0 1 -2 0.5",
        "seq1/frame_00005.jpg  1 0 0 0 1 -2 0.5 731",
        "seq1/frame_00005.jpg 1 0 0 0 1 -2 NaN 731",
        "seq1/frame_00005.jpg 1 0 0 0 1 -2 many 731",
        "seq1/frame_00005.jpg 0 0 0 0 1 -2 0.5 731",
        "seq1/frame#00005.jpg 1 0 0 0 1 -2 0.5 731",
        "seq1/five.jpg 1 0 0 0 1 -2 0.5 731"
      })
  void leavesOutWhatTheBenchmarkLeavesOut(String line) {
    assertEquals(Optional.empty(), MapFreeSubmission.parse(line, "pose_s.txt:1"));
  }

  @Test
  void warnsOfLinesThatItLeavesOut() throws IOException {
    Path file =
        Files.write(
            folder.resolve("s.zip"), zip(Map.of("s00460", List.of(LINE, "half a line", LINE))));
    List<String> warnings = new ArrayList<>();

    assertEquals(2, MapFreeSubmission.read(file, warnings::add).get("s00460").size());
    assertEquals(
        List.of(
            "pose_s00460.txt:2: expected frame qw qx qy qz tx ty tz confidence; the line is left out"),
        warnings);
  }

  @Test
  void refusesANegativeConfidenceAndWhatIsNoZip() throws IOException {
    assertEquals(
        "pose_s.txt:3: expected a confidence that is not negative, found -1",
        assertThrows(
                InputException.class,
                () -> MapFreeSubmission.parse(LINE.replace("731", "-1"), "pose_s.txt:3"))
            .getMessage());
    Path text = Files.writeString(folder.resolve("text.zip"), "no zip");
    assertThrows(InputException.class, () -> MapFreeSubmission.read(text, warning -> {}));
  }
}
