package dev.mast3r.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.PairMaps;
import dev.mast3r.dense.Pointmap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.InputException;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PlyWriterTest {

  private static byte[] write(PointCloud cloud) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PlyWriter.write(out, cloud);
    return out.toByteArray();
  }

  private static String header(byte[] ply) {
    String text = new String(ply, StandardCharsets.ISO_8859_1);
    return text.substring(0, text.indexOf("end_header\n") + 11);
  }

  private static ByteBuffer vertices(byte[] ply) {
    int start = header(ply).length();
    return ByteBuffer.wrap(ply, start, ply.length - start).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void declaresWhatFollows() throws IOException {
    byte[] ply = write(PointCloud.ofMaps(RawMapsExample.full(), OptionalDouble.empty()));

    assertEquals(
        """
        ply
        format binary_little_endian 1.0
        comment camera A's frame: x right, y down, z forward; metres if the model is metric
        element vertex 22
        property float x
        property float y
        property float z
        property uchar red
        property uchar green
        property uchar blue
        property float confidence
        end_header
        """,
        header(ply));
    assertEquals(22 * 19, vertices(ply).remaining());
  }

  @Test
  void writesPointColourAndConfidenceOfBothViews() throws IOException {
    ByteBuffer ply =
        vertices(write(PointCloud.ofMaps(RawMapsExample.full(), OptionalDouble.empty())));

    ply.position(ply.position() + 19 * 13);
    // the second pixel of view B
    assertEquals(1003, ply.getFloat());
    assertEquals(1004, ply.getFloat());
    assertEquals(1005, ply.getFloat());
    assertEquals(115, ply.get() & 0xff);
    assertEquals(120, ply.get() & 0xff);
    assertEquals(125, ply.get() & 0xff);
    assertEquals(1002, ply.getFloat());
  }

  @Test
  void leavesOutPointsBelowTheConfidence() {
    // A's confidences are 1 to 12, B's 1001 to 1010
    assertEquals(13, PointCloud.ofMaps(RawMapsExample.full(), OptionalDouble.of(10)).size());
  }

  @Test
  void leavesOutPointsThatAreNotFinite() {
    ViewMaps view =
        new ViewMaps(
            Optional.of(new Pointmap(2, 1, new float[] {1, 2, Float.NaN, 4, 5, 6})),
            Optional.of(new ConfidenceMap(2, 1, new float[] {1, 1})),
            Optional.empty(),
            Optional.empty());
    RgbImage image = new RgbImage(2, 1, new byte[6]);
    RawMaps raw =
        new RawMaps(
            new PairMaps(view, view),
            image,
            image,
            PixelTransform.identity(),
            PixelTransform.identity());

    assertEquals(2, PointCloud.ofMaps(raw, OptionalDouble.empty()).size());
  }

  @Test
  void takesForAMatchThePointOfAAtTheNearestNetworkPixel() throws IOException {
    // original (4.6, 3.2) is network (2.05, 0.98) by x = 2 x' + 0.5, y = 2.5 y' + 0.75
    MatchSet matches =
        new MatchSet(
            List.of(new Correspondence(4.6, 3.2, 0, 0, 9), new Correspondence(-3, 99, 0, 0, 8)));

    ByteBuffer ply = vertices(write(PointCloud.ofMatches(RawMapsExample.full(), matches)));

    assertEquals(2 * 19, ply.remaining());
    assertEquals(3 * (4 + 2), ply.getFloat());
    ply.position(ply.position() + 8);
    assertEquals(5 * 18, ply.get() & 0xff);
    ply.position(ply.position() + 2);
    assertEquals(9, ply.getFloat());
    // a match outside of the network image takes the pixel at its border
    assertEquals(3 * 8, ply.getFloat());
  }

  @Test
  void writesCloudsLargerThanABuffer() throws IOException {
    int width = 10_000;
    ViewMaps view =
        new ViewMaps(
            Optional.of(new Pointmap(width, 1, new float[3 * width])),
            Optional.of(new ConfidenceMap(width, 1, new float[width])),
            Optional.empty(),
            Optional.empty());
    RgbImage image = new RgbImage(width, 1, new byte[3 * width]);
    RawMaps raw =
        new RawMaps(
            new PairMaps(view, view),
            image,
            image,
            PixelTransform.identity(),
            PixelTransform.identity());

    byte[] ply = write(PointCloud.ofMaps(raw, OptionalDouble.empty()));

    assertEquals(19 * 20_000, vertices(ply).remaining());
  }

  @Test
  void saysThatTheMapsHaveNoPoints() {
    RawMaps raw = RawMapsExample.withoutPoints();

    assertEquals(
        "the maps have no 3D points",
        assertThrows(InputException.class, () -> PointCloud.ofMaps(raw, OptionalDouble.empty()))
            .getMessage());
  }
}
