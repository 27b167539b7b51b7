package dev.mast3r.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.Point3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapFreeSceneTest {

  @TempDir Path folder;

  private Path scene(String intrinsics, String poses) throws IOException {
    Path scene = Files.createDirectories(folder.resolve("s00460"));
    Files.writeString(scene.resolve("intrinsics.txt"), intrinsics);
    Files.writeString(scene.resolve("poses.txt"), poses);
    return scene;
  }

  private static String camera(String frame) {
    return frame + " 590 591 269 359 540 720\n";
  }

  private String refusal(String intrinsics, String poses) throws IOException {
    Path scene = scene(intrinsics, poses);
    return assertThrows(InputException.class, () -> MapFreeScene.read(scene))
        .getMessage()
        .replace(scene + "/", "");
  }

  @Test
  void asksForEveryFifthQueryByPositionInTheOrderOfNames() throws IOException {
    StringBuilder intrinsics = new StringBuilder("# comment\n" + camera("seq0/frame_00000.jpg"));
    StringBuilder poses = new StringBuilder("seq0/frame_00000.jpg 1 0 0 0 0 0 0\n");
    for (int i = 11; i >= 0; i--) {
      String frame = String.format("seq1/frame_%05d.jpg", 3 * i);
      intrinsics.append(camera(frame));
      poses.append(frame).append(" 1 0 0 0 0 0 ").append(i).append('\n');
    }

    MapFreeScene scene = MapFreeScene.read(scene(intrinsics.toString(), poses.toString()));

    assertEquals(
        List.of("seq1/frame_00000.jpg", "seq1/frame_00015.jpg", "seq1/frame_00030.jpg"),
        scene.everyNthQuery(5).stream().map(MapFreeScene.Frame::path).toList());
    assertEquals(12, scene.everyNthQuery(1).size());
    assertEquals("s00460", scene.name());
    assertEquals(540, scene.width());
    assertEquals(720, scene.height());
  }

  @Test
  void givesTheMotionFromTheReferenceToTheQueryWhateverTheWorldIs() throws IOException {
    double c = Math.sqrt(0.5);
    MapFreeScene scene =
        MapFreeScene.read(
            scene(
                camera("seq0/frame_00000.jpg") + camera("seq1/frame_00000.jpg"),
                // the reference: a quarter turn about y and one metre along z
                String.format("seq0/frame_00000.jpg %s 0 %s 0 0 0 1%n", c, c)
                    + "seq1/frame_00000.jpg 1 0 0 0 0 0 5\n"));

    Point3 inReference = new Point3(0.3, 0.2, 4);
    Point3 world = scene.reference().fromWorld().orElseThrow().inverse().apply(inReference);
    Point3 inQuery =
        scene.queryFromReference(scene.queries().get(0)).orElseThrow().apply(inReference);

    assertEquals(0, inQuery.distanceTo(world.plus(new Point3(0, 0, 5))), 1e-12);
  }

  @Test
  void aQuaternionOfZerosIsAPoseThatIsNotTold() throws IOException {
    MapFreeScene scene =
        MapFreeScene.read(
            scene(
                camera("seq0/frame_00000.jpg") + camera("seq1/frame_00000.jpg"),
                "seq0/frame_00000.jpg 1 0 0 0 0 0 0\nseq1/frame_00000.jpg 0 0 0 0 0 0 0\n"));

    assertEquals(Optional.empty(), scene.queryFromReference(scene.queries().get(0)));
  }

  @Test
  void saysWhereAFileIsMalformed() throws IOException {
    String cameras = camera("seq0/frame_00000.jpg") + camera("seq1/frame_00000.jpg");
    String reference = "seq0/frame_00000.jpg 1 0 0 0 0 0 0\n";

    assertEquals(
        "poses.txt:2: expected a frame and qw qx qy qz tx ty tz, found 7 fields",
        refusal(cameras, reference + "seq1/frame_00000.jpg 1 0 0 0 0 0\n"));
    assertEquals(
        "poses.txt:2: expected a frame and finite numbers, found 'NaN'",
        refusal(cameras, reference + "seq1/frame_00000.jpg 1 0 0 0 0 0 NaN\n"));
    assertEquals(
        "intrinsics.txt: expected a line for seq1/frame_00001.jpg, found none",
        refusal(cameras, reference + "seq1/frame_00001.jpg 1 0 0 0 0 0 0\n"));
    assertEquals("poses.txt: expected a frame of seq1/, found none", refusal(cameras, reference));
    assertEquals(
        folder.resolve("nowhere") + ": no such folder",
        assertThrows(InputException.class, () -> MapFreeScene.readAll(folder.resolve("nowhere")))
            .getMessage());
  }
}
