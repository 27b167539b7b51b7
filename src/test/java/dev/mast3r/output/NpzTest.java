package dev.mast3r.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mast3r.error.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpzTest {

  private static final long LIMIT = 1 << 20;

  @TempDir Path folder;

  /** Files that NumPy wrote, by scripts/make_npz_testdata.py. */
  private static NpzReader golden(String name) throws URISyntaxException {
    return new NpzReader(Path.of(NpzTest.class.getResource(name).toURI()), LIMIT);
  }

  private static byte[] head(String dictionary) {
    byte[] text = dictionary.getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes =
        Arrays.copyOf(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, 10 + text.length);
    bytes[8] = (byte) text.length;
    bytes[9] = (byte) (text.length >> 8);
    System.arraycopy(text, 0, bytes, 10, text.length);
    return bytes;
  }

  private static String floats(String shape) {
    return "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  }

  /** Packs the bytes as array {@code x} of a compressed file. */
  private Path pack(byte[] array) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(array);
    }
    return Files.write(folder.resolve("hostile.npz"), out.toByteArray());
  }

  private String messageFor(byte[] array) throws IOException {
    Path file = pack(array);
    try (NpzReader npz = new NpzReader(file, LIMIT)) {
      String message = assertThrows(InputException.class, () -> npz.read("x")).getMessage();
      return message.replace(file + ": ", "");
    }
  }

  @Test
  void readsWhatNumpySaved() throws Exception {
    try (NpzReader npz = golden("stored.npz")) {
      assertEquals(Set.of("f4", "f8", "u1", "scalar", "empty"), npz.names());
      assertEquals(new NpyHeader(NpyType.FLOAT32, List.of(2, 3)), npz.header("f4"));
      assertArrayEquals(new float[] {0, 0.25f, 0.5f, 0.75f, 1, 1.25f}, npz.read("f4").toFloats());
      assertArrayEquals(new double[] {0.1, -2e300}, npz.read("f8").toDoubles());
      assertArrayEquals(new byte[] {0, 1, -1}, npz.read("u1").toBytes());
      assertArrayEquals(new float[] {0, 1, 255}, npz.read("u1").toFloats());
      assertEquals(List.of(), npz.read("scalar").shape());
      assertArrayEquals(new float[] {7.5f}, npz.read("scalar").toFloats());
      assertEquals(List.of(0, 2), npz.read("empty").shape());
    }
    try (NpzReader npz = golden("compressed.npz")) {
      assertArrayEquals(new float[] {0, 0.25f, 0.5f, 0.75f, 1}, npz.read("f4").toFloats());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "i8;expected elements of type |u1, <f4 or <f8, found <i8",
        "big_endian;expected elements of type |u1, <f4 or <f8, found >f4",
        "pickled;expected elements of type |u1, <f4 or <f8, found |O",
        "fortran;expected C order, found Fortran order, save numpy.ascontiguousarray of it",
      })
  void refusesArraysOfOtherKinds(String name, String message) throws Exception {
    try (NpzReader npz = golden("refused.npz")) {
      String found = assertThrows(InputException.class, () -> npz.read(name)).getMessage();
      assertEquals(name + ": " + message, found.substring(found.indexOf("refused.npz: ") + 13));
    }
  }

  @Test
  void writesTheSameBytesWhereverAndWhenever() throws IOException {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      byte[] east = written();
      TimeZone.setDefault(TimeZone.getTimeZone("America/Lima"));
      assertArrayEquals(east, written());
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private static byte[] written() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (NpzWriter npz = new NpzWriter(out)) {
      npz.write("f4", NpyArray.float32(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
      npz.write("f8", NpyArray.float64(new double[] {Math.PI}, 1));
      npz.write("u1", NpyArray.uint8(new byte[0], 0, 3));
    }
    return out.toByteArray();
  }

  @Test
  void readsWhatItWrote() throws IOException {
    Path file = Files.write(folder.resolve("own.npz"), written());

    try (NpzReader npz = new NpzReader(file, LIMIT)) {
      assertEquals(List.of(2, 3), npz.read("f4").shape());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, npz.read("f4").toFloats());
      assertArrayEquals(new double[] {Math.PI}, npz.read("f8").toDoubles());
      assertEquals(List.of(0, 3), npz.read("u1").shape());
    }
  }

  @Test
  void refusesAShapeThatDoesNotFitTheValues() {
    assertEquals(
        "shape (2, 2) does not fit 12 bytes",
        assertThrows(IllegalArgumentException.class, () -> NpyArray.float32(new float[3], 2, 2))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'descr': '<f4', 'shape': (1,)};the head of the NumPy array is malformed",
        "__import__('os').system('true');the head of the NumPy array is malformed",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), };"
            + "the head of the NumPy array is malformed",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), };"
            + "the array of shape (99999999999,) is larger than what is read here",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536), };"
            + "the array of shape (65536, 65536, 65536, 65536) is larger than what is read here",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), };"
            + "the array of shape (1,1,1,1,1,1,1,1,1) is larger than what is read here",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 1000), };"
            + "the array of shape (1000, 1000) goes beyond the limit on the size of arrays",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (200000,), };"
            + "the array is damaged: it ends too early",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), };"
            + "the array is damaged: it ends too early",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), };"
            + "expected 0 bytes of elements, found more",
        "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), };"
            + "expected elements of type |u1, <f4 or <f8, found <i8",
      })
  void refusesHostileHeads(String dictionary, String message) throws IOException {
    byte[] head = head(dictionary);
    byte[] withFourBytes = Arrays.copyOf(head, head.length + 4);

    assertEquals("x: " + message, messageFor(withFourBytes));
  }

  @Test
  void refusesWhatIsNoArray() throws IOException {
    byte[] futureVersion = head(floats("(1,)"));
    futureVersion[6] = 9;
    byte[] longHead = head(floats("(1,)"));
    longHead[9] = 0x7f;

    assertEquals(
        "x: expected a NumPy array, found other data",
        messageFor("<html>".getBytes(StandardCharsets.US_ASCII)));
    assertEquals("x: the NumPy array ends within its head", messageFor(new byte[3]));
    assertEquals(
        "x: the NumPy array ends within its head",
        messageFor(Arrays.copyOf(head(floats("(1,)")), 20)));
    assertEquals("x: expected NumPy format 1.0, 2.0 or 3.0, found 9.0", messageFor(futureVersion));
    assertEquals(
        "x: expected a head of at most 4096 bytes, found "
            + (0x7f00 + floats("(1,)").length() % 256),
        messageFor(longHead));
  }

  @Test
  void countsTheLimitOverAllArrays() throws IOException {
    Path file = Files.write(folder.resolve("own.npz"), written());

    try (NpzReader npz = new NpzReader(file, 30)) {
      npz.read("f4");
      assertEquals(
          file + ": f8: the array of shape (1) goes beyond the limit on the size of arrays",
          assertThrows(InputException.class, () -> npz.read("f8")).getMessage());
    }
  }

  @Test
  void saysThatAFileIsMissingOrNoZipOrLacksAnArray() throws IOException {
    Path missing = folder.resolve("none.npz");
    Path text = Files.writeString(folder.resolve("text.npz"), "text");
    Path own = Files.write(folder.resolve("own.npz"), written());

    assertEquals(missing + ": no such file", openingMessage(missing));
    assertEquals(text + ": expected an .npz file, found other data", openingMessage(text));
    try (NpzReader npz = new NpzReader(own, LIMIT)) {
      assertEquals(
          own + ": expected an array x, found none",
          assertThrows(InputException.class, () -> npz.read("x")).getMessage());
    }
  }

  @Test
  void refusesFilesOfVeryManyArrays() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < 1001; i++) {
        zip.putNextEntry(new ZipEntry(i + ".npy"));
      }
    }
    Path file = Files.write(folder.resolve("many.npz"), out.toByteArray());

    assertEquals(file + ": expected at most 1000 arrays, found 1001", openingMessage(file));
  }

  private static String openingMessage(Path file) {
    return assertThrows(InputException.class, () -> new NpzReader(file, LIMIT).close())
        .getMessage();
  }
}
