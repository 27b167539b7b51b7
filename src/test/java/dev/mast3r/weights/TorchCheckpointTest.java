package dev.mast3r.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchCheckpointTest {

  private static final Path GOLDEN = Path.of("testdata/golden/checkpoint-tiny");

  @TempDir Path folder;

  @Test
  void readsEveryTensorThatTorchSaved() throws IOException, NoSuchAlgorithmException {
    WeightFile file = WeightFile.open(GOLDEN.resolve("checkpoint.pth"));

    List<String> lines = Files.readAllLines(GOLDEN.resolve("tensors.txt"));
    assertEquals(lines.size(), file.tensors().size());
    for (String line : lines) {
      String[] hashShapeName = line.split(" ", 3);
      TensorData tensor = file.tensors().get(hashShapeName[2]);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(tensor.data());
      assertEquals(hashShapeName[0], HexFormat.of().formatHex(digest.digest()), line);
      assertEquals(hashShapeName[1], tensor.info().shape().toString().replace(" ", ""), line);
    }
    assertEquals("MASt3R 64 (dpt, 3 descriptor channels)", file.config().describe());
    assertEquals(List.of(), WeightCheck.verify(file).problems());
  }

  @Test
  void mapsSharedStoragesOnce() {
    WeightFile file = WeightFile.open(TorchFixture.write(folder, TorchFixture.sound()));

    TensorData a = file.tensors().get("a");
    TensorData b = file.tensors().get("b");
    assertEquals(new TensorInfo("a", ElementType.FLOAT32, List.of(2L, 2L)), a.info());
    assertEquals(new TensorInfo("b", ElementType.FLOAT32, List.of(2L)), b.info());
    assertEquals(2f, a.data().getFloat(4));
    assertEquals(3f, b.data().getFloat(0));
    assertTrue(a.data().isDirect());
    assertEquals(0, a.data().alignmentOffset(0, 64));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          AsymmetricMASt3R(img_size=(512, 512), head_type='catmlp+dpt', output_mode='pts3d+desc24', pos_embed='RoPE100') | MASt3R 512 (dpt, 24 descriptor channels)
          AsymmetricCroCo3DStereo(img_size=(512, 512), head_type='dpt', output_mode='pts3d', pos_embed='RoPE100')        | DUSt3R 512 (dpt)
          AsymmetricCroCo3DStereo(img_size=(512, 512), head_type='linear', output_mode='pts3d', pos_embed='RoPE100')     | DUSt3R 512 (linear)
          AsymmetricCroCo3DStereo(img_size=(224, 224), head_type='linear', output_mode='pts3d', pos_embed='RoPE100')     | DUSt3R 224 (linear)
          """)
  void tellsTheFamiliesApartByTheFileAlone(String modelString, String family) {
    byte[] bytes =
        TorchFixture.zip(TorchFixture.pickle(modelString, TorchFixture::twoTensors)).bytes();

    assertEquals(family, WeightFile.open(TorchFixture.write(folder, bytes)).config().describe());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "posix system",
        "os system",
        "builtins eval",
        "builtins exec",
        "subprocess Popen",
        "torch load",
        "torch._utils _rebuild_tensor",
        "numpy.core.multiarray _reconstruct"
      })
  void refusesEveryNameThatIsNotAllowed(String name) {
    String[] moduleName = name.split(" ", 2);
    byte[] call =
        new PickleWriter()
            .global(moduleName[0], moduleName[1])
            .text("touch /tmp/owned")
            .op(0x85)
            .op('R')
            .stop();

    assertRefused(TorchFixture.zip(call).bytes(), "the name '" + name + "' is not allowed");
  }

  @Test
  void refusesToCallWhatIsNoName() {
    assertRefused(
        zipOf(pickle -> pickle.text("a").text("f").raw(")R")),
        "a call of something that is no name");
  }

  @Test
  void refusesATensorThatDoesNotFitItsStorage() {
    long max = Long.MAX_VALUE;
    assertRefused(
        tensor("FloatStorage", 4, 1, shape(4), shape(1)), "'a' lies outside of its storage");
    assertRefused(tensor("FloatStorage", 4, -1, shape(2), shape(1)), "'a' lies outside of its");
    assertRefused(tensor("FloatStorage", 4, max, shape(2), shape(1)), "'a' lies outside of its");
    assertRefused(tensor("FloatStorage", 4, 0, shape(2, 2), shape(1, 2)), "'a' is not contiguous");
    assertRefused(tensor("FloatStorage", 4, 0, shape(4), shape(0)), "'a' is not contiguous");
    assertRefused(tensor("FloatStorage", 4, 0, shape(4), shape()), "'a' is not contiguous");
    assertRefused(tensor("FloatStorage", 4, 0, shape(-4), shape(1)), "has a negative size");
    assertRefused(tensor("FloatStorage", 4, 0, shape(max, max), shape(1, 1)), "larger than 2 GiB");
    assertRefused(
        tensor("FloatStorage", 4, 0, new long[17], new long[17]),
        "the call of 'torch._utils _rebuild_tensor_v2' has unexpected arguments");
  }

  @Test
  void refusesAStorageOfAnotherLength() {
    for (long elements : new long[] {0, 3, 5, -4, Long.MAX_VALUE}) {
      assertRefused(
          tensor("FloatStorage", elements, 0, shape(1), shape(1)),
          "storage '0': expected " + elements + " values of float32, found 16 bytes");
    }
    assertRefused(
        tensor("DoubleStorage", 4, 0, shape(1), shape(1)),
        "storage '0': expected 4 values of float64, found 16 bytes");
  }

  private static long[] shape(long... sizes) {
    return sizes;
  }

  private static byte[] tensor(
      String type, long elements, long offset, long[] shape, long[] strides) {
    return zipOf(
        pickle ->
            pickle
                .text("a")
                .tensor(() -> pickle.storage(type, "0", elements), offset, shape, strides));
  }

  private static byte[] zipOf(Consumer<PickleWriter> tensors) {
    return TorchFixture.zip(TorchFixture.pickle(TorchFixture.MODEL, tensors)).bytes();
  }

  @Test
  void refusesADamagedPickle() {
    assertRefusedPickle(new PickleWriter().raw("N").stop(), "no dictionary was saved");
    assertRefusedPickle(new PickleWriter().raw("}").stop(), "it has no args.model");
    assertRefusedPickle(new PickleWriter().stop(), "ends with 0 values");
    assertRefusedPickle(new PickleWriter().raw("NN").stop(), "ends with 2 values");
    assertRefusedPickle(new PickleWriter().raw("(").stop(), "ends with 1 values");
    assertRefusedPickle(new PickleWriter().raw("h\0").stop(), "value 0 was never remembered");
    assertRefusedPickle(new PickleWriter().raw("q\0").stop(), "a value is missing");
    assertRefusedPickle(new PickleWriter().raw("t").stop(), "a mark is missing");
    assertRefusedPickle(new PickleWriter().raw("(N").op(0x86).stop(), "a value is missing");
    assertRefusedPickle(new PickleWriter().raw("Na").stop(), "a value is missing");
    assertRefusedPickle(new PickleWriter().raw("NNa").stop(), "no list to append to");
    assertRefusedPickle(new PickleWriter().raw("NNNs").stop(), "no dictionary where one is needed");
    assertRefusedPickle(new PickleWriter().raw("}(Nu").stop(), "a key without a value");
    assertRefusedPickle(new PickleWriter().raw("})Ns").stop(), "neither a text nor an integer");
    assertRefusedPickle(new PickleWriter().raw("X").int32(-1).stop(), "a length is negative");
    assertRefusedPickle(new PickleWriter().raw("X").int32(99).stop(), "ends too early");
    assertRefusedPickle(new PickleWriter().raw("K").stop(), "ends too early");
    assertRefusedPickle(new PickleWriter().op(0x8a).op(9).raw("123456789").stop(), "64 bits");
    assertRefusedPickle(new PickleWriter().raw("NNb").stop(), "attributes are set on something");
    assertRefusedPickle(new PickleWriter().raw("NQ").stop(), "identifier is no storage");
    assertRefusedPickle(new PickleWriter().raw("i").stop(), "opcode 0x69 is not supported");
    assertRefusedPickle(new byte[] {(byte) 0x80, 5, '.'}, "protocol 5 is not supported");
    assertRefusedPickle(new byte[0], "ends too early");
    assertRefusedPickle(("c" + "x".repeat(2000)).getBytes(StandardCharsets.US_ASCII), "too long");
  }

  private void assertRefusedPickle(byte[] pickle, String message) {
    assertRefused(TorchFixture.zip(pickle).bytes(), message);
  }

  @Test
  void keepsItsTimeAndMemoryForAPickleThatRefersToItself() {
    // a list that holds itself, again and again
    PickleWriter pickle = new PickleWriter().raw("]q\0");
    for (int i = 0; i < 100_000; i++) {
      pickle.raw("h\0a");
    }
    assertRefusedPickle(pickle.stop(), "no dictionary was saved");
  }

  @Test
  void refusesAnotherKindOfCheckpoint() {
    assertRefusedPickle(
        new PickleWriter().raw("}").text("dune_backbone_name").raw("Ns").stop(),
        "a DUNE checkpoint");
    assertRefusedPickle(
        TorchFixture.pickle("Retrieval()", TorchFixture::twoTensors),
        "expected AsymmetricMASt3R or AsymmetricCroCo3DStereo, found 'Retrieval'");
    assertRefused(zipOf(pickle -> pickle.text("a").raw("N")), "model: 'a' is no tensor");
    assertRefused(
        "<!DOCTYPE html><html>not found</html>".getBytes(StandardCharsets.US_ASCII),
        "not a safetensors file");
  }

  @Test
  void refusesAZipFileThatTorchDidNotWrite() {
    byte[] pickle = TorchFixture.pickle(TorchFixture.MODEL, TorchFixture::twoTensors);
    byte[] data = TorchFixture.floats(1, 2, 3, 4);

    assertRefused(new StoredZip().add("a/b/data.pkl", pickle).bytes(), "data.pkl, found 0");
    assertRefused(
        new StoredZip().add("a/data.pkl", pickle).add("b/data.pkl", pickle).bytes(),
        "data.pkl, found 2");
    assertRefused(
        new StoredZip().add("a/data.pkl", pickle).bytes(), "zip entry 'a/data/0' is missing");
    assertRefused(
        TorchFixture.zip(pickle).add("archive/data/0", data).bytes(),
        "'archive/data/0' stands twice");
    assertRefused(
        new StoredZip().add("a/data.pkl", pickle, 0, 8, pickle.length).bytes(),
        "'a/data.pkl' is compressed or encrypted");
    assertRefused(
        new StoredZip()
            .add("a/data.pkl", pickle)
            .add("a/byteorder", "big".getBytes(StandardCharsets.US_ASCII))
            .bytes(),
        "expected little-endian data, found 'big'");
  }

  @Test
  void readsNoPathOutOfEntryNames() {
    assertRefused(
        new StoredZip()
            .add("../data.pkl", TorchFixture.pickle(TorchFixture.MODEL, TorchFixture::twoTensors))
            .add("../data/../../../etc/passwd", new byte[16])
            .bytes(),
        "zip entry '../data/0' is missing");
  }

  @Test
  void refusesForgedSizesAndOffsets() {
    byte[] pickle = TorchFixture.pickle(TorchFixture.MODEL, TorchFixture::twoTensors);
    byte[] data = TorchFixture.floats(1, 2, 3, 4);
    for (long offset : new long[] {0xffff_fff0L, 0x8000_0000L, 5000}) {
      assertRefused(
          new StoredZip()
              .add("a/data.pkl", pickle)
              .add("a/data/0", data, offset, 0, data.length)
              .bytes(),
          "zip entry 'a/data/0' lies outside of the file");
    }
    assertRefused(
        new StoredZip().add("a/data.pkl", pickle).add("a/data/0", data, 1, 0, data.length).bytes(),
        "zip entry 'a/data/0' lies outside of the file");
    assertRefused(
        new StoredZip().add("a/data.pkl", pickle).add("a/data/0", data, 0, 0, 0xffff_fff0L).bytes(),
        "zip entry 'a/data/0' lies outside of the file");
    assertRefused(
        new StoredZip().add("a/data.pkl", pickle, 0, 0, 0xffff_ffffL).bytes(),
        "zip entry 'a/data.pkl' lies outside of the file");
  }

  /** The header of one storage lies within the data of another. */
  @Test
  void refusesStoragesThatOverlap() {
    byte[] pickle =
        TorchFixture.pickle(
            TorchFixture.MODEL,
            writer -> {
              writer
                  .text("0")
                  .tensor(() -> writer.storage("FloatStorage", "0", 14), 0, shape(14), shape(1));
              writer
                  .text("1")
                  .tensor(() -> writer.storage("FloatStorage", "1", 4), 0, shape(4), shape(1));
            });
    byte[] name = "a/data/1".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer outer = ByteBuffer.allocate(56).order(ByteOrder.LITTLE_ENDIAN);
    outer
        .putInt(0x04034b50)
        .putShort(26, (short) name.length)
        .putShort(28, (short) 2)
        .put(30, name);
    StoredZip zip = new StoredZip().add("a/data.pkl", pickle).add("a/data/0", outer.array());
    byte[] bytes = zip.bytes();
    int header = indexOf(bytes, outer.array());

    assertRefused(
        zip.add("a/data/1", new byte[16], header, 0, 16).bytes(), "storages '0' and '1' overlap");
  }

  private static int indexOf(byte[] whole, byte[] part) {
    int at = 0;
    while (!Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
      at++;
    }
    return at;
  }

  @Test
  void refusesAForgedDirectory() {
    StoredZip zip =
        TorchFixture.zip(TorchFixture.pickle(TorchFixture.MODEL, TorchFixture::twoTensors));
    for (long[] offsetAndBytes :
        new long[][] {{0, 0xffff_ffffL}, {0xffff_ffffL, 46}, {0, 1L << 30}, {1 << 30, 46}}) {
      assertRefused(
          zip.bytes(offsetAndBytes[0], offsetAndBytes[1]), "the zip directory is damaged");
    }
    assertRefused(zip.bytes(0, 46), "entry 0 of the zip directory is damaged");
    assertRefused(zip.bytes(0, 0), "expected one entry data.pkl, found 0");
  }

  @Test
  void refusesAFileThatWasCutOffAnywhere() {
    byte[] whole = TorchFixture.sound();
    for (int length = 4; length < whole.length; length += 29) {
      Path file = TorchFixture.write(folder, Arrays.copyOf(whole, length));

      ModelException failure = assertThrows(ModelException.class, () -> WeightFile.open(file));

      assertEquals(
          file + ": the zip directory is missing: the file was cut off", failure.getMessage());
    }
  }

  /** Whatever a byte is changed to: tensors that lie in the file, or one line. */
  @Test
  void answersDamageWithDataOrWithOneLine() {
    byte[] sound = TorchFixture.sound();
    SplittableRandom random = new SplittableRandom(11);
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      byte[] damaged = sound.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        int at = random.nextInt(4, damaged.length);
        switch (random.nextInt(3)) {
          case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> damaged[at] = (byte) random.nextInt(256);
          default -> {
            int value = random.nextBoolean() ? -1 : Integer.MIN_VALUE >>> random.nextInt(32);
            for (int i = 0; i < 4 && at + i < damaged.length; i++) {
              damaged[at + i] = (byte) (value >>> (8 * i));
            }
          }
        }
      }
      refused += refuses(TorchFixture.write(folder, damaged), "round " + round) ? 1 : 0;
    }
    assertTrue(refused > 100, "only " + refused + " of 500 damaged files were refused");
  }

  private static boolean refuses(Path file, String round) {
    try {
      for (Map.Entry<String, TensorData> entry : WeightFile.open(file).tensors().entrySet()) {
        ByteBuffer data = entry.getValue().data();
        while (data.hasRemaining()) {
          data.get();
        }
      }
      return false;
    } catch (ModelException e) {
      assertEquals(1, e.getMessage().lines().count(), round + ": " + e.getMessage());
      return true;
    }
  }

  private void assertRefused(byte[] bytes, String message) {
    Path file = TorchFixture.write(folder, bytes);

    ModelException failure = assertThrows(ModelException.class, () -> WeightFile.open(file));

    assertTrue(failure.getMessage().startsWith(file + ": "), failure.getMessage());
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count());
  }
}
