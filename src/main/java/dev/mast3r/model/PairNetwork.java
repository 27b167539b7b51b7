package dev.mast3r.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import dev.mast3r.dense.PairMaps;
import dev.mast3r.error.DeviceException;
import dev.mast3r.error.ModelException;
import dev.mast3r.image.ResampleWeights;
import dev.mast3r.image.ResizePlan;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.ReciprocalMatcher;
import dev.mast3r.match.ScoredMatches;
import dev.mast3r.match.SeedImages;
import dev.mast3r.model.SideThreads.Sides;
import dev.mast3r.weights.ModelConfig;
import dev.mast3r.weights.ModelConfig.ConfidenceMode;
import dev.mast3r.weights.TensorData;
import dev.mast3r.weights.WeightCheck;
import dev.mast3r.weights.WeightFile;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The two-view network (arXiv 2406.09756, section 3): an encoder for each image, then decoders and
 * heads for an ordered pair. Owns the engine's memory and the mapped weights until it is closed.
 *
 * <p>For one thread at a time; the engine itself uses several.
 */
public final class PairNetwork implements AutoCloseable {

  /** Pixels of an image as the network sees it. */
  record ViewSize(int width, int height) {}

  private final ModelConfig config;

  /** Keeps the mappings alive that the engine's arrays lie in. */
  private final Map<String, TensorData> mapped;

  private final PtNDManager manager;
  private final PtSymbolBlock module;

  /** Our own code, also where the network's is a file of the user. */
  private final PtSymbolBlock ownCode;

  private final Precision precision;
  private final ProductLibrary products;

  /** Empty where one call for both images is better. */
  private final Optional<SideThreads> sides;

  private PairNetwork(
      ModelConfig config,
      Map<String, TensorData> mapped,
      PtNDManager manager,
      PtSymbolBlock module,
      PtSymbolBlock ownCode,
      Precision precision,
      ProductLibrary products,
      Optional<SideThreads> sides) {
    this.config = config;
    this.mapped = mapped;
    this.manager = manager;
    this.module = module;
    this.ownCode = ownCode;
    this.precision = precision;
    this.products = products;
    this.sides = sides;
  }

  /**
   * Starts the engine, if it does not run yet, and puts the weights into the network. On a CPU,
   * fp32 weights are used where they lie in the file, without a copy.
   *
   * @throws ModelException if the weights are not those of their configuration
   * @throws DeviceException if the engine does not start or has no such device or library
   */
  public static PairNetwork open(WeightFile weights, EngineOptions options) {
    Map<String, TensorData> tensors = WeightCheck.networkTensors(weights);
    TorchEngine engine = TorchEngine.start();
    Device device = engine.device(options.device());
    Precision precision = TorchEngine.precision(options.precision(), device);
    JniUtils.setNumThreads(options.threads());
    PtNDManager manager = (PtNDManager) engine.engine().newBaseManager(device);
    Optional<SideThreads> sides = sides(device, options);
    try {
      Code code = code(manager, precision, options, sides);
      PtSymbolBlock module = code.module();
      put(manager, module, tensors, weights.config(), precision);
      return new PairNetwork(
          weights.config(), tensors, manager, module, module, precision, code.products(), sides);
    } catch (EngineException e) {
      close(manager, sides);
      throw TorchEngine.failure("put", e);
    } catch (RuntimeException | Error e) {
      close(manager, sides);
      throw e;
    }
  }

  /**
   * Opens a file that holds code beside weights, and executes that code: only for files that the
   * user trusts.
   *
   * @throws ModelException if the engine cannot load the file
   * @throws DeviceException if the engine does not start or has no such device
   */
  public static PairNetwork openTrusted(ScriptFile script, EngineOptions options) {
    TorchEngine engine = TorchEngine.start();
    Device device = engine.device(options.device());
    JniUtils.setNumThreads(options.threads());
    PtNDManager manager = (PtNDManager) engine.engine().newBaseManager(device);
    Optional<SideThreads> sides = sides(device, options);
    try {
      PtSymbolBlock module =
          JniUtils.loadModule(manager, script.path(), true, new String[0], new String[0], false);
      return new PairNetwork(
          script.config(),
          Map.of(),
          manager,
          module,
          ProductLibrary.ENGINE.load(manager, options.threads()),
          Precision.FP32,
          ProductLibrary.ENGINE,
          sides);
    } catch (EngineException e) {
      close(manager, sides);
      throw new ModelException(
          script.path() + ": cannot be loaded: " + TorchEngine.firstLine(e), e);
    } catch (RuntimeException | Error e) {
      close(manager, sides);
      throw e;
    }
  }

  /** The network's code, without weights. */
  private record Code(ProductLibrary products, PtSymbolBlock module) {

    static Code load(ProductLibrary products, PtNDManager manager, int threads) {
      return new Code(products, products.load(manager, threads));
    }
  }

  /**
   * Only fp32 on a CPU has a choice. It is oneDNN, with which attention too is faster, where the
   * engine has it, and not what a measurement finds: results must not hang on how busy the machine
   * is.
   */
  private static Code code(
      PtNDManager manager,
      Precision precision,
      EngineOptions options,
      Optional<SideThreads> sides) {
    int threads = SideThreads.ofProduct(sides, options.threads());
    if (manager.getDevice().isGpu() || precision != Precision.FP32) {
      return Code.load(ProductLibrary.ENGINE, manager, threads);
    }
    if (options.products().isPresent()) {
      return Code.load(options.products().get(), manager, threads);
    }
    try {
      return Code.load(ProductLibrary.ONEDNN, manager, threads);
    } catch (DeviceException e) {
      // an engine that is built without it
      return Code.load(ProductLibrary.ENGINE, manager, threads);
    }
  }

  /** A GPU works on a whole pair at once. */
  private static Optional<SideThreads> sides(Device device, EngineOptions options) {
    return device.isGpu() ? Optional.empty() : SideThreads.halving(options.threads());
  }

  private static void put(
      PtNDManager manager,
      PtSymbolBlock module,
      Map<String, TensorData> tensors,
      ModelConfig config,
      Precision precision) {
    ConfidenceMode points = config.pointConfidence();
    ConfidenceMode descriptors = config.descriptorConfidence();
    try (PtNDManager scope = (PtNDManager) manager.newSubManager();
        TorchCall call = new TorchCall(module, "put")) {
      call.with(WeightTensors.arrays(scope, tensors))
          .with(config.patchSize())
          .with(config.encoder().depth())
          .with(config.encoder().heads())
          .with(config.decoder().depth())
          .with(config.decoder().heads())
          .with(config.ropeBase())
          .with(config.pointsHead().key())
          .with(config.descriptorDimension())
          .with(config.depthMode().key())
          .with(points.curve().key())
          .with(points.min())
          .with(points.max())
          .with(descriptors.curve().key())
          .with(descriptors.min())
          .with(descriptors.max())
          .with(config.twoConfidences())
          .with(precision.key())
          .run();
    }
  }

  public ModelConfig config() {
    return config;
  }

  /** Returns the precision in use, never {@link Precision#AUTO}. */
  public Precision precision() {
    return precision;
  }

  /** Returns the library of the matrix products. */
  public ProductLibrary products() {
    return products;
  }

  /** Returns the device in use, never {@link DeviceChoice#AUTO}. */
  public DeviceChoice device() {
    Device device = manager.getDevice();
    return device.isGpu()
        ? new DeviceChoice(DeviceChoice.Kind.CUDA, device.getDeviceId())
        : DeviceChoice.CPU;
  }

  /**
   * Resizes a photo for the network, on a GPU if the network runs there: the same bytes as {@link
   * ResizePlan#apply} gives.
   *
   * @throws IllegalArgumentException if the plan was made for another size
   */
  public RgbImage resize(RgbImage photo, ResizePlan plan) {
    return manager.getDevice().isGpu() ? resizeInEngine(photo, plan) : plan.apply(photo);
  }

  /** As {@link #resize}, wherever the network runs. */
  RgbImage resizeInEngine(RgbImage photo, ResizePlan plan) {
    plan.checkFits(photo);
    return TorchEngine.telling("resize", () -> resizeFitting(photo, plan));
  }

  private RgbImage resizeFitting(RgbImage photo, ResizePlan plan) {
    try (PtNDManager scope = (PtNDManager) manager.newSubManager();
        TorchCall call = new TorchCall(ownCode, "resize")) {
      Shape shape = new Shape(photo.height(), photo.width(), 3);
      call.with(scope.create(direct(photo.toArray()), shape, DataType.UINT8));
      weights(call, scope, plan.across());
      weights(call, scope, plan.down());
      byte[] resized = call.run().toTensor(scope).toByteArray();
      return new RgbImage(plan.networkWidth(), plan.networkHeight(), resized);
    }
  }

  private static void weights(TorchCall call, PtNDManager scope, ResampleWeights axis) {
    int[] first = IntStream.range(0, axis.length()).map(axis::first).toArray();
    call.with((PtNDArray) scope.create(first));
    call.with((PtNDArray) scope.create(axis.toArray(), new Shape(axis.length(), axis.capacity())));
  }

  /**
   * Encodes an image that was resized for the network.
   *
   * @throws IllegalArgumentException if its sides are no multiples of the patch size
   */
  public EncodedImage encode(RgbImage image) {
    return encode(List.of(image)).get(0);
  }

  /**
   * Encodes images, each by itself; on a CPU two of them take less time than one and one.
   *
   * @throws IllegalArgumentException if a side of one is no multiple of the patch size
   */
  public List<EncodedImage> encode(List<RgbImage> images) {
    images.forEach(this::checkFits);
    return TorchEngine.telling("encode", () -> encodeFitting(images));
  }

  private void checkFits(RgbImage image) {
    int patch = config().patchSize();
    if (image.width() % patch != 0 || image.height() % patch != 0) {
      throw new IllegalArgumentException(
          "the network takes multiples of "
              + patch
              + " pixels, found "
              + image.width()
              + " x "
              + image.height());
    }
  }

  private List<EncodedImage> encodeFitting(List<RgbImage> images) {
    try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
      List<PtNDArray> features = new ArrayList<>(images.size());
      while (features.size() < images.size()) {
        RgbImage next = images.get(features.size());
        if (sides.isPresent() && features.size() + 1 < images.size()) {
          RgbImage second = images.get(features.size() + 1);
          features.addAll(
              sides.get().run(() -> features(scope, next), () -> features(scope, second)).toList());
        } else {
          features.add(featuresAlone(scope, next));
        }
      }
      features.forEach(array -> array.attach(manager));
      return IntStream.range(0, images.size())
          .mapToObj(i -> new EncodedImage(this, features.get(i), images.get(i)))
          .toList();
    }
  }

  /** The same bytes as beside another image. */
  private PtNDArray featuresAlone(PtNDManager scope, RgbImage image) {
    if (sides.isEmpty() || !products.partsByRows(sides.get().threadsOfEach())) {
      return features(scope, image);
    }
    int tokens = image.width() / config.patchSize() * (image.height() / config.patchSize());
    if (tokens < ImageByRows.LEAST_TOKENS || config.encoder().heads() == 1) {
      return sides.get().runOne(() -> features(scope, image));
    }
    return new ImageByRows(module, config.encoder().depth(), sides.get())
        .encode(scope, pixels(scope, image));
  }

  private PtNDArray features(PtNDManager scope, RgbImage image) {
    try (TorchCall call = new TorchCall(module, "encode")) {
      return call.with(pixels(scope, image)).run().toTensor(scope);
    }
  }

  private static PtNDArray pixels(PtNDManager scope, RgbImage image) {
    Shape shape = new Shape(1, image.height(), image.width(), 3);
    return scope.create(direct(image.toArray()), shape, DataType.UINT8);
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder()).put(bytes).flip();
  }

  /**
   * Runs decoders and heads on the ordered pair (A, B). Both pointmaps are in camera A's frame; (B,
   * A) gives another answer.
   *
   * @throws IllegalArgumentException if an image was encoded by another network
   */
  public PairMaps decode(EncodedImage a, EncodedImage b, Wanted wanted) {
    try (DecodedPair pair = runDecoders(a, b, wanted);
        NativeMaps maps = runHeads(pair)) {
      return maps.toPairMaps();
    }
  }

  /**
   * Runs decoders and heads on several pairs in one call: the i-th of {@code a} with the i-th of
   * {@code b}. Answers differ from those of single calls by rounding.
   *
   * @throws IllegalArgumentException if there is no pair, or one more of one side than of the
   *     other, if the images of a side differ in size, or if one was encoded by another network
   */
  public List<PairMaps> decode(List<EncodedImage> a, List<EncodedImage> b, Wanted wanted) {
    try (NativeMaps maps = run(a, b, wanted)) {
      return IntStream.range(0, a.size())
          .mapToObj(pair -> maps.toPairMaps(pair, NetworkMap.all()))
          .toList();
    }
  }

  /**
   * As {@link #decode(List, List, Wanted)}, and leaves the maps in the engine's memory.
   *
   * @throws IllegalArgumentException as there
   */
  public NativeMaps run(List<EncodedImage> a, List<EncodedImage> b, Wanted wanted) {
    if (a.isEmpty() || a.size() != b.size()) {
      throw new IllegalArgumentException(a.size() + " images A and " + b.size() + " images B");
    }
    if (a.size() == 1) {
      try (DecodedPair pair = runDecoders(a.get(0), b.get(0), wanted)) {
        return runHeads(pair);
      }
    }
    ViewSize sizeA = size(a);
    ViewSize sizeB = size(b);
    return TorchEngine.telling(
        "decoders",
        () -> {
          try (PtNDManager scope = (PtNDManager) manager.newSubManager();
              DecodedPair pairs =
                  runDecoders(stack(scope, a), stack(scope, b), sizeA, sizeB, wanted)) {
            return runHeads(pairs);
          }
        });
  }

  private PtNDArray stack(PtNDManager scope, List<EncodedImage> images) {
    images.forEach(this::checkOwn);
    NDArray stacked =
        NDArrays.concat(
            new NDList(images.stream().map(EncodedImage::features).toArray(NDArray[]::new)), 0);
    stacked.attach(scope);
    return (PtNDArray) stacked;
  }

  private static ViewSize size(List<EncodedImage> images) {
    List<ViewSize> sizes =
        images.stream()
            .map(image -> new ViewSize(image.width(), image.height()))
            .distinct()
            .toList();
    if (sizes.size() != 1) {
      throw new IllegalArgumentException("images of one call differ in size: " + sizes);
    }
    return sizes.get(0);
  }

  private void checkOwn(EncodedImage image) {
    if (image.network() != this) {
      throw new IllegalArgumentException("an image was encoded by another network");
    }
  }

  /**
   * Runs the decoders on the ordered pair (A, B).
   *
   * @throws IllegalArgumentException if an image was encoded by another network
   */
  public DecodedPair runDecoders(EncodedImage a, EncodedImage b, Wanted wanted) {
    checkOwn(a);
    checkOwn(b);
    return runDecoders(a.features(), b.features(), size(List.of(a)), size(List.of(b)), wanted);
  }

  private DecodedPair runDecoders(
      PtNDArray featuresA, PtNDArray featuresB, ViewSize sizeA, ViewSize sizeB, Wanted wanted) {
    PtNDManager scope = (PtNDManager) manager.newSubManager();
    try {
      PtNDArray[] layers =
          sideBySide()
              .map(
                  network ->
                      network.decoders(
                          scope, new Sides<>(featuresA, featuresB), sizeA, sizeB, wanted.points()))
              .orElseGet(
                  () -> decodersAtOnce(scope, featuresA, featuresB, sizeA, sizeB, wanted.points()));
      return new DecodedPair(scope, layers, sizeA, sizeB, wanted);
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  private Optional<SideBySide> sideBySide() {
    return sides.map(threads -> new SideBySide(module, config.decoder().depth(), threads));
  }

  private PtNDArray[] decodersAtOnce(
      PtNDManager scope,
      PtNDArray featuresA,
      PtNDArray featuresB,
      ViewSize sizeA,
      ViewSize sizeB,
      boolean wantPoints) {
    try (TorchCall call = new TorchCall(module, "decoders")) {
      call.with(featuresA).with(featuresB);
      return sizes(call, sizeA, sizeB).with(wantPoints).run().toTensorArray(scope);
    }
  }

  /** Runs the heads on a decoded pair. */
  public NativeMaps runHeads(DecodedPair pair) {
    PtNDManager scope = (PtNDManager) manager.newSubManager();
    try {
      Map<String, NDArray> maps =
          sideBySide()
              .map(network -> network.heads(scope, pair))
              .orElseGet(() -> headsAtOnce(scope, pair));
      return new NativeMaps(scope, maps, pair.a(), pair.b(), config.descriptorDimension());
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  private Map<String, NDArray> headsAtOnce(PtNDManager scope, DecodedPair pair) {
    try (TorchCall call = new TorchCall(module, "heads")) {
      return sizes(call.with(pair.layers()), pair.a(), pair.b())
          .with(pair.wanted().points())
          .with(pair.wanted().descriptors())
          .run()
          .toNDList(scope)
          .stream()
          .collect(Collectors.toMap(NDArray::getName, array -> array));
    }
  }

  /**
   * Finds the reciprocal matches of a pair where its descriptors are, on the device (arXiv
   * 2406.09756, section 3.3): the same pixels, to the last index, as the matchers in Java find.
   *
   * @param maps with descriptors
   * @param pair which of the pairs of the call, from 0
   * @throws IllegalArgumentException if there are no descriptors
   * @throws dev.mast3r.error.InputException if an allowed pixel's descriptor is not finite
   */
  public ScoredMatches match(NativeMaps maps, int pair, MatchRequest request) {
    try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
      return EngineMatcher.match(
          scope,
          ownCode,
          maps.array(NetworkMap.DESCRIPTORS_A),
          maps.array(NetworkMap.DESCRIPTORS_B),
          Optional.of(
              new EngineMatcher.Confidences(
                  maps.array(NetworkMap.DESCRIPTOR_CONFIDENCE_A),
                  maps.array(NetworkMap.DESCRIPTOR_CONFIDENCE_B))),
          pair,
          request);
    }
  }

  /** Returns a matcher of maps that are in Java, on this network's device; it ends with it. */
  public ReciprocalMatcher matcher(SeedImages seedImages) {
    return new EngineMatcher((PtNDManager) manager.newSubManager(), ownCode, seedImages);
  }

  private static TorchCall sizes(TorchCall call, ViewSize a, ViewSize b) {
    return call.with(a.height()).with(a.width()).with(b.height()).with(b.width());
  }

  /** Returns how many native values are owned now, for tests of leaks. */
  int ownedValues() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    try {
      close(manager, sides);
    } finally {
      Reference.reachabilityFence(mapped);
    }
  }

  private static void close(PtNDManager manager, Optional<SideThreads> sides) {
    sides.ifPresent(SideThreads::close);
    manager.close();
  }
}
