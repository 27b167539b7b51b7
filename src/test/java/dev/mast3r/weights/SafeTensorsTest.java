package dev.mast3r.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {

  @TempDir Path folder;

  private static Map<String, TensorData> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return SafeTensors.read(channel);
    }
  }

  @Test
  void readsTensorsInPlace() throws IOException {
    Path file =
        new SafeTensorsFixture()
            .floats("a", new long[] {2, 1}, 1.5f, -2f)
            .shorts("b", "BF16", new long[] {1}, 0x3f80)
            .floats("scalar", new long[0], 7f)
            .floats("none", new long[] {0, 4})
            .write(folder.resolve("m.safetensors"));

    Map<String, TensorData> tensors = read(file);

    assertEquals(Set.of("a", "b", "scalar", "none"), tensors.keySet());
    assertEquals(
        new TensorInfo("a", ElementType.FLOAT32, List.of(2L, 1L)), tensors.get("a").info());
    assertEquals(-2f, tensors.get("a").data().getFloat(4));
    assertEquals(ElementType.BFLOAT16, tensors.get("b").info().type());
    assertEquals(0x3f80, tensors.get("b").data().getShort(0));
    assertEquals(7f, tensors.get("scalar").data().getFloat(0));
    assertEquals(0, tensors.get("none").data().remaining());
    assertTrue(tensors.get("a").data().isDirect());
    assertTrue(tensors.get("a").data().isReadOnly());
  }

  @Test
  void givesATensorItsRemovedNameToo() throws IOException {
    Path file =
        new SafeTensorsFixture()
            .floats("kept", new long[] {1}, 3f)
            .alias("removed", "kept")
            .write(folder.resolve("m.safetensors"));

    Map<String, TensorData> tensors = read(file);

    assertEquals(Set.of("kept", "removed"), tensors.keySet());
    assertEquals("removed", tensors.get("removed").info().name());
    assertEquals(3f, tensors.get("removed").data().getFloat(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}  | outside of the 8 bytes
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}  | outside of the 8 bytes
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}   | outside of the 8 bytes
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}   | needs 8 bytes by its shape
          {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}  | negative size
          {"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296,4],"data_offsets":[0,8]}} | larger than 2 GiB
          {"a":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,8]}} | needs 0 bytes
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}} | outside of the 8 bytes
          {"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}   | unknown dtype 'F33'
          {"a":{"dtype":"F32","shape":[2]}}                        | two data_offsets
          {"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}} | not valid JSON at '$.a.shape[0]'
          {"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}     | wrong type at '$.a.shape'
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[3,7]}} | 'b' at 3 to 7 overlaps tensor 'a' at 0 to 4
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | stands twice
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}    | ends too early
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}{} | not valid JSON
          {'a':1}                                                  | not valid JSON
          []                                                       | wrong type
          """)
  void refusesADamagedHeader(String header, String message) {
    Path file = SafeTensorsFixture.write(folder.resolve("m.safetensors"), header, new byte[8]);

    ModelException failure = assertThrows(ModelException.class, () -> read(file));

    assertTrue(failure.getMessage().contains(message), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count());
  }

  @Test
  void refusesAHeaderLengthThatDoesNotFit() throws IOException {
    for (byte[] bytes :
        List.of(
            new byte[0],
            new byte[7],
            new byte[8],
            new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{', '}'},
            new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'})) {
      Path file = Files.write(folder.resolve("m.safetensors"), bytes);

      ModelException failure = assertThrows(ModelException.class, () -> read(file));

      assertTrue(failure.getMessage().startsWith("not a safetensors file"), failure.getMessage());
    }
  }

  @Test
  void refusesAFileThatWasCutOffAnywhere() throws IOException {
    Path file = folder.resolve("m.safetensors");
    new SafeTensorsFixture()
        .floats("a", new long[] {2, 2}, 1, 2, 3, 4)
        .floats("b", new long[] {1}, 5)
        .write(file);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));

      ModelException failure = assertThrows(ModelException.class, () -> read(file));

      assertEquals(1, failure.getMessage().lines().count());
    }
  }

  /** Whatever a byte is changed to: tensors that lie in the file, or one line. */
  @Test
  void answersDamageWithDataOrWithOneLine() throws IOException {
    Path file = folder.resolve("m.safetensors");
    new SafeTensorsFixture()
        .floats("a", new long[] {2, 2}, 1, 2, 3, 4)
        .floats("b", new long[] {1}, 5)
        .alias("c", "b")
        .write(file);
    byte[] whole = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(12);
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      byte[] damaged = whole.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      try {
        for (TensorData tensor : read(file).values()) {
          assertEquals(tensor.info().byteCount(), tensor.data().remaining());
        }
      } catch (ModelException e) {
        assertEquals(1, e.getMessage().lines().count(), "round " + round + ": " + e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 100, "only " + refused + " of 500 damaged files were refused");
  }

  @Test
  void keepsForeignNamesOnOneLine() {
    Path file =
        SafeTensorsFixture.write(
            folder.resolve("m.safetensors"),
            "{\"a\\nb\\u001b[31m\\u202e\":{\"dtype\":\"X\",\"shape\":[],\"data_offsets\":[0,0]}}",
            new byte[0]);

    ModelException failure = assertThrows(ModelException.class, () -> read(file));

    assertEquals("tensor 'a?b?[31m?' has the unknown dtype 'X'", failure.getMessage());
  }
}
