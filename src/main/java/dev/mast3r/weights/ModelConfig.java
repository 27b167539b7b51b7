package dev.mast3r.weights;

import dev.mast3r.error.ModelException;

/**
 * What the network must know beside its weights: the constructor arguments of the official classes
 * (arXiv 2406.09756 and 2312.14132), checked. Widths that the weights' shapes tell are not here.
 *
 * @param patchSize pixels a side of an encoder token ({@code patch_size})
 * @param nominalWidth width in pixels that the model was trained for ({@code img_size}); the longer
 *     of both is the long side that images are resized to
 * @param nominalHeight its height
 * @param ropeBase base of the rotary position encoding, 100 for {@code pos_embed} RoPE100
 * @param encoder of each image, one for both
 * @param decoder one for each image, of the same size; its depth is 0 in a model that describes
 *     each image by itself
 * @param pointsHead how tokens become points
 * @param descriptorDimension components of a descriptor, 0 if the model has none ({@code
 *     output_mode} pts3d+desc24)
 * @param depthMode how raw points become points
 * @param pointConfidence how logits become the points' confidence
 * @param descriptorConfidence the same for descriptors; only used if {@code twoConfidences}
 * @param twoConfidences whether descriptors have a confidence of their own; else they share the
 *     points' one
 */
public record ModelConfig(
    int patchSize,
    int nominalWidth,
    int nominalHeight,
    double ropeBase,
    TransformerSize encoder,
    TransformerSize decoder,
    PointsHead pointsHead,
    int descriptorDimension,
    DepthMode depthMode,
    ConfidenceMode pointConfidence,
    ConfidenceMode descriptorConfidence,
    boolean twoConfidences) {

  /** The head that makes points of tokens. */
  public enum PointsHead {
    /** Dense prediction transformer (arXiv 2103.13413). */
    DPT,
    /** One linear layer a token. */
    LINEAR;

    /** Returns the name in {@code head_type}. */
    public String key() {
      return ModelConfigJson.key(this);
    }
  }

  /** What is done with the length d of a raw point; its direction stays. */
  public enum DepthMode {
    /** d becomes exp(d) - 1. */
    EXP,
    /** d stays. */
    LINEAR,
    /** d becomes d^2. */
    SQUARE;

    /** Returns the name in {@code depth_mode}. */
    public String key() {
      return ModelConfigJson.key(this);
    }
  }

  /** The curve from a logit to a confidence. */
  public enum Curve {
    /** {@code min + exp(s)}, at most {@code max}. */
    EXP,
    /** {@code min + (max - min) sigmoid(s)}. */
    SIGMOID;

    /** Returns the name in {@code conf_mode}. */
    public String key() {
      return ModelConfigJson.key(this);
    }
  }

  /**
   * A curve and its range.
   *
   * @param max infinite for none; only with {@link Curve#EXP}
   */
  public record ConfidenceMode(Curve curve, double min, double max) {}

  /**
   * A stack of transformer blocks.
   *
   * @param width channels of a token
   * @param depth number of blocks
   * @param heads of each attention
   */
  public record TransformerSize(int width, int depth, int heads) {}

  /**
   * Far above every model, far below what would exhaust memory before the weights are looked at.
   */
  private static final int LARGEST = 1 << 16;

  private static final int DEEPEST = 1000;

  /**
   * @throws ModelException if a value is out of range or values contradict each other; the message
   *     names the configuration's key
   */
  public ModelConfig {
    check("patch_size", patchSize, 1, 256);
    check("img_size", nominalWidth, 1, LARGEST);
    check("img_size", nominalHeight, 1, LARGEST);
    if (!(ropeBase > 1) || Double.isInfinite(ropeBase)) {
      throw new ModelException("pos_embed: expected RoPE with a base above 1, found " + ropeBase);
    }
    check("enc", encoder, 1);
    // the DPT head hooks two blocks; without any, an image is described by itself
    check("dec", decoder, pointsHead == PointsHead.DPT ? 2 : 0);
    check("output_mode, descriptor size", descriptorDimension, 0, 4096);
    check("conf_mode", pointConfidence);
    check("desc_conf_mode", descriptorConfidence);
    if (twoConfidences && descriptorDimension == 0) {
      throw new ModelException("two_confs: a model without descriptors has one confidence");
    }
  }

  private static void check(String key, TransformerSize size, int minDepth) {
    check(key + "_embed_dim", size.width(), 1, LARGEST);
    check(key + "_depth", size.depth(), minDepth, DEEPEST);
    check(key + "_num_heads", size.heads(), 1, LARGEST);
    if (size.width() % (4 * size.heads()) != 0) {
      throw new ModelException(
          key
              + "_num_heads: expected heads of a multiple of 4 channels, found "
              + size.heads()
              + " heads in "
              + size.width()
              + " channels");
    }
  }

  private static void check(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ModelException(key + ": expected " + min + " to " + max + ", found " + value);
    }
  }

  private static void check(String key, ConfidenceMode mode) {
    boolean finite = Double.isFinite(mode.min());
    boolean bounded = mode.curve() == Curve.EXP || Double.isFinite(mode.max());
    if (!finite || !bounded || !(mode.max() > mode.min())) {
      throw new ModelException(
          key + ": expected a range, found " + mode.min() + " to " + mode.max());
    }
  }

  /** Returns whether the model makes descriptors (MASt3R) or points alone (DUSt3R). */
  public boolean hasDescriptors() {
    return descriptorDimension > 0;
  }

  /** Returns the long side in pixels that the model was trained for. */
  public int nominalLongSide() {
    return Math.max(nominalWidth, nominalHeight);
  }

  /** Returns the kind of model in words, as in {@code MASt3R 512 (dpt, 24 descriptor channels)}. */
  public String describe() {
    return (hasDescriptors() ? "MASt3R " : "DUSt3R ")
        + nominalLongSide()
        + " ("
        + pointsHead.key()
        + (hasDescriptors() ? ", " + descriptorDimension + " descriptor channels)" : ")");
  }

  /**
   * Parses the text that {@link #toJson} gives, or that of an official {@code config.json}.
   *
   * @throws ModelException naming the key that is wrong
   */
  public static ModelConfig parse(String json) {
    return ModelConfigJson.parse(json);
  }

  /** Returns the text of a {@code config.json} of the official form. */
  public String toJson() {
    return ModelConfigWriter.write(this);
  }
}
