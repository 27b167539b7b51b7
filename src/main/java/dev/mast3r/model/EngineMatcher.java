package dev.mast3r.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.match.DescriptorCheck;
import dev.mast3r.match.PixelMask;
import dev.mast3r.match.PixelMatches;
import dev.mast3r.match.ReciprocalMatcher;
import dev.mast3r.match.ScoredMatches;
import dev.mast3r.match.SeedImages;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Reciprocal matching by the engine's matrix products, with the code that is scripted beside the
 * network's: the same pixels as the matchers in Java find, to the last index.
 *
 * <p>Products are summed in an order of the engine's own; pixels that they do not rule out are
 * summed again as {@link ReciprocalMatcher} says it. Made for GPUs, where the descriptors are: maps
 * that are in Java are copied to the device first.
 */
public final class EngineMatcher implements ReciprocalMatcher, AutoCloseable {

  private final PtNDManager manager;
  private final PtSymbolBlock module;
  private final SeedImages seedImages;

  EngineMatcher(PtNDManager manager, PtSymbolBlock module, SeedImages seedImages) {
    this.manager = manager;
    this.module = module;
    this.seedImages = seedImages;
  }

  /**
   * Starts the engine, if it does not run yet, without a network.
   *
   * @throws dev.mast3r.error.DeviceException if the engine does not start or has no such device
   */
  public static EngineMatcher open(EngineOptions options, SeedImages seedImages) {
    TorchEngine engine = TorchEngine.start();
    JniUtils.setNumThreads(options.threads());
    PtNDManager manager =
        (PtNDManager) engine.engine().newBaseManager(engine.device(options.device()));
    try {
      return new EngineMatcher(
          manager, ProductLibrary.ENGINE.load(manager, options.threads()), seedImages);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  @Override
  public PixelMatches match(
      DescriptorMap a, DescriptorMap b, int subsample, PixelMask maskA, PixelMask maskB) {
    DescriptorCheck.checkFit(a, b, maskA, maskB);
    MatchRequest request = new MatchRequest(subsample, seedImages, maskA, maskB);
    try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
      PtNDArray mapA = TorchEngine.telling("match", () -> array(scope, a));
      PtNDArray mapB = TorchEngine.telling("match", () -> array(scope, b));
      return match(scope, module, mapA, mapB, Optional.empty(), 0, request).pixels();
    }
  }

  /** The confidences of both maps' pixels, B x H x W. */
  record Confidences(PtNDArray a, PtNDArray b) {}

  /**
   * Matches one pair of a batch, B x H x W x d.
   *
   * @param confidences if they are absent, those of the matches are 0
   * @throws dev.mast3r.error.InputException if an allowed pixel's descriptor is not finite
   */
  static ScoredMatches match(
      PtNDManager scope,
      PtSymbolBlock module,
      PtNDArray descriptorsA,
      PtNDArray descriptorsB,
      Optional<Confidences> confidences,
      int pair,
      MatchRequest request) {
    return TorchEngine.telling(
        "match",
        () -> matchInEngine(scope, module, descriptorsA, descriptorsB, confidences, pair, request));
  }

  private static ScoredMatches matchInEngine(
      PtNDManager scope,
      PtSymbolBlock module,
      PtNDArray descriptorsA,
      PtNDArray descriptorsB,
      Optional<Confidences> confidences,
      int pair,
      MatchRequest request) {
    try (TorchCall call = new TorchCall(module, "match")) {
      PtNDArray[] answer =
          call.with(descriptorsA)
              .with(descriptorsB)
              .with(confidences.map(Confidences::a).orElseGet(() -> nothing(scope)))
              .with(confidences.map(Confidences::b).orElseGet(() -> nothing(scope)))
              .with(mask(scope, request.maskA()))
              .with(mask(scope, request.maskB()))
              .with(pair)
              .with(request.subsample())
              .with(request.seedImages() == SeedImages.BOTH)
              .run()
              .toTensorArray(scope);
      long[] bad = answer[2].toLongArray();
      DescriptorCheck.checkFinite("A", bad[0], request.maskA().width());
      DescriptorCheck.checkFinite("B", bad[1], request.maskB().width());
      long[] indices = answer[0].toLongArray();
      int count = indices.length / 2;
      int[] inA = new int[count];
      int[] inB = new int[count];
      for (int i = 0; i < count; i++) {
        inA[i] = Math.toIntExact(indices[i]);
        inB[i] = Math.toIntExact(indices[count + i]);
      }
      float[] sure = confidences.isPresent() ? answer[1].toFloatArray() : new float[count];
      return new ScoredMatches(new PixelMatches(inA, inB), sure);
    }
  }

  private static PtNDArray array(PtNDManager scope, DescriptorMap map) {
    float[] values = map.toArray();
    ByteBuffer bytes = direct(values.length * (long) Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return scope.create(
        bytes, new Shape(1, map.height(), map.width(), map.dimension()), DataType.FLOAT32);
  }

  /** An empty mask allows every pixel. */
  private static PtNDArray mask(PtNDManager scope, PixelMask mask) {
    int pixels = mask.width() * mask.height();
    if (mask.count() == pixels) {
      return nothing(scope);
    }
    ByteBuffer allowed = direct(pixels);
    for (int index = 0; index < pixels; index++) {
      allowed.put(index, (byte) (mask.allows(index) ? 1 : 0));
    }
    return scope.create(allowed, new Shape(pixels), DataType.UINT8);
  }

  private static PtNDArray nothing(PtNDManager scope) {
    return scope.create(direct(0), new Shape(0), DataType.UINT8);
  }

  private static ByteBuffer direct(long bytes) {
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    manager.close();
  }
}
