package dev.mast3r.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsWriterTest {

  private static final String CONFIG = "{\"pos_embed\": \"RoPE100\"}";

  @TempDir Path folder;

  private WeightFile rewrite(WeightFile source, StoredPrecision precision) throws IOException {
    Path target = Files.createDirectories(folder.resolve("out-" + precision.key()));
    Files.writeString(target.resolve("config.json"), source.config().toJson());
    try (OutputStream out = Files.newOutputStream(target.resolve("model.safetensors"))) {
      SafeTensorsWriter.write(source, precision, out);
    }
    return WeightFile.open(target);
  }

  private WeightFile source(SafeTensorsFixture fixture) throws IOException {
    Files.writeString(folder.resolve("config.json"), CONFIG);
    return WeightFile.open(fixture.write(folder.resolve("model.safetensors")));
  }

  @Test
  void keepsEveryTensorOfACheckpointBitByBit() throws IOException {
    WeightFile checkpoint =
        WeightFile.open(Path.of("testdata/golden/checkpoint-tiny/checkpoint.pth"));

    WeightFile copy = rewrite(checkpoint, StoredPrecision.FP32);

    assertEquals(checkpoint.config(), copy.config());
    assertEquals(checkpoint.tensors().keySet(), copy.tensors().keySet());
    for (Map.Entry<String, TensorData> entry : checkpoint.tensors().entrySet()) {
      TensorData written = copy.tensors().get(entry.getKey());
      assertEquals(entry.getValue().info(), written.info());
      assertEquals(entry.getValue().data(), written.data());
      assertEquals(0, written.data().alignmentOffset(0, 4));
    }
  }

  @Test
  void writesATensorOfTwoNamesOnce() throws IOException {
    WeightFile checkpoint =
        WeightFile.open(Path.of("testdata/golden/checkpoint-tiny/checkpoint.pth"));

    WeightFile copy = rewrite(checkpoint, StoredPrecision.FP32);

    String kept = "downstream_head1.dpt.scratch.layer2_rn.weight";
    String removed = "downstream_head1.dpt.scratch.layer_rn.1.weight";
    assertEquals(copy.tensors().get(kept).position(), copy.tensors().get(removed).position());
    assertTrue(
        Files.readString(copy.path(), StandardCharsets.ISO_8859_1)
            .contains("\"" + removed + "\":\"" + kept + "\""));
  }

  @Test
  void convertsBetweenTheFormats() throws IOException {
    WeightFile file =
        source(
            new SafeTensorsFixture()
                .floats("single", new long[] {3}, 1f, 0.1f, -65504f)
                .shorts("half", "F16", new long[] {2}, 0x3c00, 0xc000)
                .shorts("brain", "BF16", new long[] {1}, 0x3e80)
                .tensor("count", "I64", new long[] {1}, new byte[8]));

    WeightFile halves = rewrite(file, StoredPrecision.FP16);
    WeightFile singles = rewrite(halves, StoredPrecision.FP32);

    assertEquals(List.of("brain", "half", "single"), List.copyOf(halves.tensors().keySet()));
    assertEquals(ElementType.FLOAT16, halves.tensors().get("brain").info().type());
    assertEquals(0.25f, singles.tensors().get("brain").data().getFloat());
    assertEquals(-2f, singles.tensors().get("half").data().getFloat(4));
    // the nearest half of 0.1
    assertEquals(0.099975586f, singles.tensors().get("single").data().getFloat(4));
    assertEquals(-65504f, singles.tensors().get("single").data().getFloat(8));
  }

  @Test
  void refusesAValueThatFp16CannotHold() throws IOException {
    WeightFile file = source(new SafeTensorsFixture().floats("a", new long[] {2}, 1f, 7e4f));

    ModelException failure =
        assertThrows(
            ModelException.class,
            () ->
                SafeTensorsWriter.write(
                    file, StoredPrecision.FP16, OutputStream.nullOutputStream()));

    assertEquals("tensor 'a' has 70000.0, too large for fp16", failure.getMessage());
  }

  @Test
  void refusesToMultiplyOverlappingTensors() throws IOException {
    byte[] overlapping =
        TorchFixture.zip(TorchFixture.pickle(TorchFixture.MODEL, TorchFixture::twoTensors)).bytes();
    WeightFile file = WeightFile.open(TorchFixture.write(folder, overlapping));

    ModelException failure =
        assertThrows(
            ModelException.class,
            () ->
                SafeTensorsWriter.write(
                    file, StoredPrecision.FP32, OutputStream.nullOutputStream()));

    assertEquals("tensors 'a' and 'b' overlap", failure.getMessage());
  }
}
