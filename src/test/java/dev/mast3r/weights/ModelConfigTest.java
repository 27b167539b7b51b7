package dev.mast3r.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.ModelConfig.ConfidenceMode;
import dev.mast3r.weights.ModelConfig.Curve;
import dev.mast3r.weights.ModelConfig.DepthMode;
import dev.mast3r.weights.ModelConfig.PointsHead;
import dev.mast3r.weights.ModelConfig.TransformerSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {

  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** The published model, arXiv 2406.09756. */
  private static final ModelConfig OFFICIAL =
      new ModelConfig(
          16,
          512,
          512,
          100,
          new TransformerSize(1024, 24, 16),
          new TransformerSize(768, 12, 12),
          PointsHead.DPT,
          24,
          DepthMode.EXP,
          new ConfidenceMode(Curve.EXP, 1, INFINITY),
          new ConfidenceMode(Curve.EXP, 0, INFINITY),
          true);

  private static final String OFFICIAL_JSON =
      """
      {"conf_mode": ["exp", 1, Infinity], "dec_depth": 12, "dec_embed_dim": 768,
       "dec_num_heads": 12, "depth_mode": ["exp", -Infinity, Infinity],
       "desc_conf_mode": ["exp", 0, Infinity], "desc_mode": "norm", "enc_depth": 24,
       "enc_embed_dim": 1024, "enc_num_heads": 16, "head_type": "catmlp+dpt",
       "img_size": [512, 512], "landscape_only": false, "output_mode": "pts3d+desc24",
       "patch_embed_cls": "PatchEmbedDust3R", "pos_embed": "RoPE100", "two_confs": true}
      """;

  private static final String OFFICIAL_STRING =
      "AsymmetricMASt3R(pos_embed='RoPE100', patch_embed_cls='ManyAR_PatchEmbed', "
          + "img_size=(512, 512), head_type='catmlp+dpt', output_mode='pts3d+desc24', "
          + "depth_mode=('exp', -inf, inf), conf_mode=('exp', 1, inf), enc_embed_dim=1024, "
          + "enc_depth=24, enc_num_heads=16, dec_embed_dim=768, dec_depth=12, dec_num_heads=12, "
          + "two_confs=True, desc_conf_mode=('exp', 0, inf))";

  @Test
  void readsTheOfficialConfiguration() {
    assertEquals(OFFICIAL, ModelConfigJson.parse(OFFICIAL_JSON));
    assertEquals("MASt3R 512 (dpt, 24 descriptor channels)", OFFICIAL.describe());
  }

  @Test
  void readsTheOfficialModelString() {
    assertEquals(OFFICIAL, ModelString.parse(OFFICIAL_STRING));
  }

  @Test
  void readsAModelStringHoweverItIsSpelt() {
    ModelConfig config =
        ModelString.parse(
            " AsymmetricCroCo3DStereo (\n pos_embed=\"RoPE100\",img_size=(224,224,),"
                + "depth_mode=('exp',float('-inf'),float('inf')),conf_mode=('sigmoid',0,1e1),"
                + "freeze=None,enc_embed_dim=+1024,enc_num_heads=16,dec_num_heads=8,) ");

    assertEquals(224, config.nominalLongSide());
    assertEquals(new ConfidenceMode(Curve.SIGMOID, 0, 10), config.pointConfidence());
    assertEquals("DUSt3R 224 (linear)", config.describe());
  }

  @Test
  void takesTheOfficialDefaultsForWhatIsAbsent() {
    ModelConfig config = ModelConfigJson.parse("{\"pos_embed\": \"RoPE100\"}");

    assertEquals(
        new ModelConfig(
            16,
            224,
            224,
            100,
            new TransformerSize(768, 12, 12),
            new TransformerSize(512, 8, 16),
            PointsHead.LINEAR,
            0,
            DepthMode.EXP,
            new ConfidenceMode(Curve.EXP, 1, INFINITY),
            new ConfidenceMode(Curve.EXP, 1, INFINITY),
            false),
        config);
  }

  @Test
  void letsDescriptorsShareThePointsConfidenceMode() {
    ModelConfig config =
        ModelConfigJson.parse(
            "{\"pos_embed\": \"RoPE100\", \"output_mode\": \"pts3d+desc16\", \"patch_size\": 8,"
                + " \"head_type\": \"catmlp+linear\", \"conf_mode\": [\"exp\", 2, Infinity],"
                + " \"desc_conf_mode\": null}");

    assertEquals(new ConfidenceMode(Curve.EXP, 2, INFINITY), config.descriptorConfidence());
    assertEquals(8, config.patchSize());
    assertEquals(PointsHead.LINEAR, config.pointsHead());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "pos_embed": "cosine"                        | pos_embed: expected RoPE<base>, found 'cosine'
          "pos_embed": 5                               | pos_embed: expected a text, found '5'
          "enc_depth": "24"                            | enc_depth: expected a number, found '"24"'
          "enc_depth": 1.5                             | enc_depth: expected an integer
          "enc_depth": 1000000000                      | enc_depth: expected 1 to 1000
          "enc_num_heads": 5                           | enc_num_heads: expected heads of a multiple of 4 channels
          "dec_depth": -1                              | dec_depth: expected 0 to 1000, found -1
          "dec_depth": 1, "head_type": "dpt"           | dec_depth: expected 2 to 1000, found 1
          "output_mode": "pts3d+desc"                  | output_mode: expected pts3d or pts3d+desc<channels>
          "output_mode": "pts3d+desc24"                | head_type 'linear' does not go with output_mode 'pts3d+desc24'
          "head_type": "catconv"                       | head_type: expected dpt or linear, found 'catconv'
          "depth_mode": ["exp", 0, Infinity]           | depth_mode: expected infinite bounds
          "depth_mode": ["log", -Infinity, Infinity]   | depth_mode: expected exp or linear or square, found 'log'
          "conf_mode": ["exp", 1]                      | conf_mode: expected a mode and its two bounds
          "conf_mode": ["sigmoid", 0, Infinity]        | conf_mode: expected a range
          "conf_mode": ["exp", "a", 1]                 | conf_mode: expected a number, found '"a"'
          "img_size": [512]                            | img_size: expected width and height
          "patch_embed_cls": "Other"                   | patch_embed_cls: expected PatchEmbedDust3R
          "patch_size": 0                              | patch_size: expected 1 to 256, found 0
          "norm_im2_in_dec": false                     | norm_im2_in_dec: expected true
          """)
  void namesTheKeyThatIsWrong(String entry, String message) {
    String rest = entry.contains("pos_embed") ? "" : ", \"pos_embed\": \"RoPE100\"";

    ModelException failure =
        assertThrows(ModelException.class, () -> ModelConfigJson.parse("{" + entry + rest + "}"));

    assertTrue(failure.getMessage().startsWith(message), failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          __import__('os').system('true')                     | model string: expected AsymmetricMASt3R or AsymmetricCroCo3DStereo
          AsymmetricMASt3R                                    | model string, column 17: expected '('
          AsymmetricMASt3R(a=1                                | model string, column 21: expected ')'
          AsymmetricMASt3R(a=1))                              | model string, column 22: expected nothing behind
          AsymmetricMASt3R(a=1,a=2)                           | model string, column 24: expected no second argument 'a'
          AsymmetricMASt3R(1)                                 | model string, column 19: expected '='
          AsymmetricMASt3R(a=open('x'))                       | model string, column 20: expected a value
          AsymmetricMASt3R(a=float('x'))                      | model string, column 26: expected a value
          AsymmetricMASt3R(a='x)                              | model string, column 20: expected a text without escapes
          AsymmetricMASt3R(a='\\x41')                         | model string, column 20: expected a text without escapes
          AsymmetricMASt3R(a=((((((((((1))))))))))            | model string, column 28: expected at most 8 tuples
          """)
  void readsAModelStringWithoutEvaluatingIt(String text, String message) {
    ModelException failure = assertThrows(ModelException.class, () -> ModelString.parse(text));

    assertTrue(failure.getMessage().startsWith(message), failure.getMessage());
  }
}
