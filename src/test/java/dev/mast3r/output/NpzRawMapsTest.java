package dev.mast3r.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.InputException;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzRawMapsTest {

  @TempDir Path folder;

  private Path save(RawMaps raw) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NpzRawMaps.write(out, raw);
    return Files.write(folder.resolve("maps.npz"), out.toByteArray());
  }

  private static void assertSameView(ViewMaps expected, ViewMaps actual) {
    assertArrayEquals(
        expected.points().orElseThrow().toArray(), actual.points().orElseThrow().toArray());
    assertArrayEquals(
        expected.pointConfidence().orElseThrow().toArray(),
        actual.pointConfidence().orElseThrow().toArray());
    assertArrayEquals(
        expected.descriptors().orElseThrow().toArray(),
        actual.descriptors().orElseThrow().toArray());
    assertArrayEquals(
        expected.descriptorConfidence().orElseThrow().toArray(),
        actual.descriptorConfidence().orElseThrow().toArray());
  }

  @Test
  void readsBackEverythingThatWasWritten() throws IOException {
    RawMaps raw = RawMapsExample.full();

    RawMaps read = NpzRawMaps.read(save(raw));

    assertSameView(raw.maps().a(), read.maps().a());
    assertSameView(raw.maps().b(), read.maps().b());
    assertArrayEquals(raw.imageA().toArray(), read.imageA().toArray());
    assertArrayEquals(raw.imageB().toArray(), read.imageB().toArray());
    assertEquals(raw.originalFromNetworkA(), read.originalFromNetworkA());
    assertEquals(raw.originalFromNetworkB(), read.originalFromNetworkB());
  }

  @Test
  void hasTheDocumentedArrays() throws IOException {
    try (NpzReader npz = new NpzReader(save(RawMapsExample.full()), 1 << 20)) {
      assertEquals(
          Set.of(
              "image_a",
              "original_from_network_a",
              "pts3d_a",
              "conf_a",
              "desc_a",
              "desc_conf_a",
              "image_b",
              "original_from_network_b",
              "pts3d_b",
              "conf_b",
              "desc_b",
              "desc_conf_b"),
          npz.names());
      assertEquals(new NpyHeader(NpyType.UINT8, List.of(3, 4, 3)), npz.header("image_a"));
      assertEquals(new NpyHeader(NpyType.FLOAT32, List.of(5, 2, 4)), npz.header("desc_b"));
      assertArrayEquals(
          new double[] {2, 0, 0.5, 0, 2.5, 0.75}, npz.read("original_from_network_a").toDoubles());
    }
  }

  @Test
  void leavesOutWhatIsNotThere() throws IOException {
    RawMaps read = NpzRawMaps.read(save(RawMapsExample.withoutPoints()));

    assertTrue(read.maps().a().points().isEmpty());
    assertTrue(read.maps().b().pointConfidence().isEmpty());
    assertEquals(4, read.maps().b().descriptors().orElseThrow().dimension());
  }

  @Test
  void readsMapsThatNumpySavedInDoublePrecision() throws Exception {
    RawMaps read =
        NpzRawMaps.read(Path.of(NpzRawMapsTest.class.getResource("foreign_maps.npz").toURI()));

    assertTrue(read.maps().a().points().isEmpty());
    assertEquals(new PixelTransform(2.5, 2, 0.75, 0.5), read.originalFromNetworkA());
    // pixel (1, 0) holds 4 5 6 7 over its norm
    assertEquals(
        (float) (6 / Math.sqrt(126)), read.maps().a().descriptors().orElseThrow().get(1, 2));
    assertEquals(17, read.imageB().get(2, 1, 2));
  }

  @Test
  void namesTheArrayThatIsMissingOrDoesNotFit() throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    assertEquals("expected an array image_a, found none", messageFor(arrays));
    arrays.put("image_a", NpyArray.uint8(new byte[12], 2, 2, 3));
    arrays.put("image_b", NpyArray.float32(new float[12], 2, 2, 3));
    assertEquals(
        "image_b: expected uint8 of shape (H, W, 3), found float32 of shape (2, 2, 3)",
        messageFor(arrays));
    arrays.put("image_b", NpyArray.uint8(new byte[12], 2, 2, 3));
    arrays.put("desc_a", NpyArray.float32(new float[8], 2, 4));
    assertEquals(
        "desc_a: expected shape (2, 2, d), found float32 of shape (2, 4)", messageFor(arrays));
    arrays.put("desc_a", NpyArray.float32(new float[24], 3, 2, 4));
    assertEquals(
        "desc_a: expected floats of shape (2, 2, 4), found float32 of shape (3, 2, 4)",
        messageFor(arrays));
    arrays.put("desc_a", NpyArray.float32(new float[16], 2, 2, 4));
    arrays.put("conf_b", NpyArray.uint8(new byte[4], 2, 2));
    assertEquals(
        "conf_b: expected floats of shape (2, 2), found uint8 of shape (2, 2)", messageFor(arrays));
    arrays.put("conf_b", NpyArray.float64(new double[4], 2, 2));
    assertEquals("expected an array original_from_network_a, found none", messageFor(arrays));
    arrays.put("original_from_network_a", NpyArray.float64(new double[9], 3, 3));
    assertEquals(
        "original_from_network_a: expected shape (2, 3), found float64 of shape (3, 3)",
        messageFor(arrays));
    arrays.put(
        "original_from_network_a", NpyArray.float64(new double[] {1, 0.1, 0, 0, 1, 0}, 2, 3));
    assertEquals(
        "original_from_network_a: expected sx 0 tx, 0 sy ty with positive scales, found other"
            + " numbers",
        messageFor(arrays));
  }

  private String messageFor(Map<String, NpyArray> arrays) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (NpzWriter npz = new NpzWriter(out)) {
      for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
        npz.write(array.getKey(), array.getValue());
      }
    }
    Path file = Files.write(folder.resolve("bad.npz"), out.toByteArray());
    return assertThrows(InputException.class, () -> NpzRawMaps.read(file))
        .getMessage()
        .replace(file + ": ", "");
  }

  @Test
  void mapsMustHaveTheSizeOfTheirImage() {
    RawMaps raw = RawMapsExample.full();

    assertEquals(
        "a map of view A is 4 x 3, its image 2 x 5",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new RawMaps(
                        raw.maps(),
                        raw.imageB(),
                        new RgbImage(2, 5, new byte[30]),
                        raw.originalFromNetworkA(),
                        raw.originalFromNetworkB()))
            .getMessage());
  }
}
