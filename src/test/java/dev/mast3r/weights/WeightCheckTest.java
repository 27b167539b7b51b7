package dev.mast3r.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightCheckTest {

  @TempDir Path folder;

  private static final String CONFIG =
      """
      {"pos_embed": "RoPE100", "patch_size": 2, "enc_embed_dim": 8, "enc_depth": 1,
       "enc_num_heads": 2, "dec_embed_dim": 4, "dec_depth": 2, "dec_num_heads": 1,
       "head_type": "catmlp+dpt", "output_mode": "pts3d+desc3", "two_confs": true}
      """;

  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  @BeforeEach
  void listTheTensors() {
    ExpectedTensors.of(ModelConfigJson.parse(CONFIG), Map.of())
        .read()
        .forEach(
            (name, shape) -> shapes.put(name, shape.stream().mapToLong(Long::longValue).toArray()));
    // the official widths of this head would make the fixture large
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      if (entry.getKey().contains(".dpt.")) {
        Arrays.setAll(
            entry.getValue(), i -> i < 2 ? Math.min(entry.getValue()[i], 4) : entry.getValue()[i]);
        if (entry.getKey().endsWith("act_postprocess.0.0.weight")) {
          entry.getValue()[1] = 8;
        }
      }
    }
  }

  private WeightFile file() throws IOException {
    SafeTensorsFixture fixture = new SafeTensorsFixture();
    shapes.forEach(
        (name, shape) -> {
          float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
          Arrays.fill(values, 0.5f);
          fixture.floats(name, shape, values);
        });
    Files.writeString(folder.resolve("config.json"), CONFIG);
    fixture.write(folder.resolve("model.safetensors"));
    return WeightFile.open(folder);
  }

  @Test
  void acceptsAFileWithTheTensorsOfItsConfiguration() throws IOException {
    WeightFile file = file();

    assertEquals(shapes.keySet(), WeightCheck.networkTensors(file).keySet());
    WeightReport report = WeightCheck.verify(file);
    assertEquals(List.of(), report.problems());
    assertTrue(report.isWhole());
    assertEquals(List.of(ElementType.FLOAT32), report.types());
    assertEquals(
        shapes.values().stream().mapToLong(s -> Arrays.stream(s).reduce(1, (a, b) -> a * b)).sum(),
        report.parameters());
  }

  @Test
  void acceptsTensorsThatOfficialFilesHaveBesides() throws IOException {
    shapes.put("mask_token", new long[] {1, 1, 4});
    shapes.put("downstream_head1.dpt.scratch.refinenet4.resConfUnit1.conv1.bias", new long[] {4});

    assertEquals(List.of(), WeightCheck.verify(file()).problems());
  }

  @Test
  void takesAFusionLayerUnderItsSecondName() throws IOException {
    String first = "downstream_head2.dpt.scratch.layer3_rn.weight";
    shapes.put("downstream_head2.dpt.scratch.layer_rn.2.weight", shapes.remove(first));

    assertTrue(WeightCheck.networkTensors(file()).containsKey(first));
  }

  @Test
  void namesAMissingTensor() throws IOException {
    shapes.remove("dec_blocks2.1.norm_y.bias");

    ModelException failure = failure(file());

    assertEquals(
        folder.resolve("model.safetensors") + ": tensor 'dec_blocks2.1.norm_y.bias' is missing",
        failure.getMessage());
  }

  @Test
  void namesTheFirstOfSeveralProblems() throws IOException {
    shapes.keySet().removeIf(name -> name.startsWith("dec_blocks2."));

    String message = failure(file()).getMessage();

    assertTrue(message.contains("'dec_blocks2.0.norm1.weight' is missing (and 47 more"), message);
  }

  @Test
  void namesATensorOfAnotherShape() throws IOException {
    shapes.put("enc_blocks.0.mlp.fc2.weight", new long[] {8, 31});

    String message = failure(file()).getMessage();

    assertTrue(
        message.endsWith(
            "tensor 'enc_blocks.0.mlp.fc2.weight': expected shape [8, 32], found [8, 31]"),
        message);
  }

  @Test
  void namesATensorThatBelongsToAnotherModel() throws IOException {
    shapes.put("prediction_head.weight", new long[] {2});

    String message = failure(file()).getMessage();

    assertTrue(message.contains("tensor 'prediction_head.weight' belongs to no model"), message);
  }

  @Test
  void countsNaNAndInfinityWhateverTheFormat() throws IOException {
    file();
    SafeTensorsFixture fixture = new SafeTensorsFixture();
    shapes.forEach(
        (name, shape) -> {
          int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
          float[] values = new float[size];
          int[] halves = new int[size];
          switch (name) {
            case "enc_norm.bias" -> {
              values[1] = Float.NaN;
              values[2] = Float.NEGATIVE_INFINITY;
              fixture.floats(name, shape, values);
            }
            case "dec_norm.bias" -> {
              halves[0] = 0xfc00;
              halves[1] = 0x7bff;
              fixture.shorts(name, "F16", shape, halves);
            }
            case "dec_norm.weight" -> {
              halves[3] = 0x7fc0;
              halves[1] = 0x7f7f;
              fixture.shorts(name, "BF16", shape, halves);
            }
            default -> fixture.floats(name, shape, values);
          }
        });
    fixture.write(folder.resolve("model.safetensors"));

    WeightReport report = WeightCheck.verify(WeightFile.open(folder));

    assertFalse(report.isWhole());
    assertEquals(
        List.of(
            "tensor 'enc_norm.bias' has NaN or infinity in 2 of 8 values",
            "tensor 'dec_norm.weight' has NaN or infinity in 1 of 4 values",
            "tensor 'dec_norm.bias' has NaN or infinity in 1 of 4 values"),
        report.problems());
  }

  @Test
  void refusesIntegersAsWeights() throws IOException {
    file();
    SafeTensorsFixture fixture = new SafeTensorsFixture();
    shapes.forEach(
        (name, shape) -> {
          int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
          if (name.equals("enc_norm.bias")) {
            fixture.tensor(name, "U8", shape, new byte[size]);
          } else {
            fixture.floats(name, shape, new float[size]);
          }
        });
    fixture.write(folder.resolve("model.safetensors"));

    String message = failure(WeightFile.open(folder)).getMessage();

    assertTrue(
        message.endsWith(
            "tensor 'enc_norm.bias': expected float32, float16 or bfloat16, found uint8"),
        message);
  }

  @Test
  void namesTheFileThatIsMissing() {
    assertEquals(
        folder.resolve("model.safetensors") + ": no such file",
        assertThrows(ModelException.class, () -> WeightFile.open(folder)).getMessage());

    new SafeTensorsFixture().write(folder.resolve("x.safetensors"));
    assertEquals(
        folder.resolve("config.json") + ": no such file",
        assertThrows(ModelException.class, () -> WeightFile.open(folder.resolve("x.safetensors")))
            .getMessage());
  }

  private static ModelException failure(WeightFile file) {
    return assertThrows(ModelException.class, () -> WeightCheck.networkTensors(file));
  }
}
