package dev.mast3r.weights;

import dev.mast3r.error.ModelException;
import dev.mast3r.weights.MappedRegions.Region;
import dev.mast3r.weights.PickledObjects.Namespace;
import dev.mast3r.weights.PickledObjects.Storage;
import dev.mast3r.weights.PickledObjects.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads an official checkpoint as {@code torch.save} wrote it: a zip file of stored entries with a
 * pickle that describes the tensors ({@code data.pkl}) and one entry for each block of data. The
 * data is mapped where it lies; tensors that share a block share the mapping.
 *
 * <p>Of the saved dictionary, {@code model} (the tensors) and {@code args.model} (a constructor
 * expression, parsed to the configuration) are used.
 *
 * <p>Messages do not name the file: {@link WeightFile} does.
 *
 * @param config of the network
 * @param tensors by name
 * @param damaged tells, by reading all data, which blocks are not what was saved
 */
record TorchCheckpoint(
    ModelConfig config, Map<String, TensorData> tensors, Supplier<List<String>> damaged) {

  private static final String PICKLE = "/data.pkl";

  /** The official pickle has 0.2 MB, one of a training snapshot some MB. */
  private static final int LONGEST_PICKLE = 16 << 20;

  /**
   * Reads names, shapes and configuration, and maps the data.
   *
   * @throws ModelException if the file is damaged, holds anything but data, or is another model's
   */
  static TorchCheckpoint read(FileChannel channel) throws IOException {
    ZipDirectory zip = ZipDirectory.read(channel);
    String folder = folder(zip);
    if (zip.names().contains(folder + "/constants.pkl")) {
      throw new ModelException(
          "TorchScript, which is code that would be executed: expected weights alone, .safetensors"
              + " or .pth");
    }
    checkByteOrder(zip, folder);
    Object saved = Pickle.read(zip.read(folder + PICKLE, LONGEST_PICKLE));
    if (!(saved instanceof Map<?, ?> dictionary)) {
      throw new ModelException("not a checkpoint of a model: no dictionary was saved");
    }
    ModelConfig config = config(dictionary);
    Map<String, Tensor> tensors = tensors(dictionary);
    Map<Storage, Region> regions = regions(zip, folder, tensors);
    Map<Storage, ByteBuffer> data = map(channel, regions);
    return new TorchCheckpoint(
        config, tensors(tensors, regions, data), () -> damaged(zip, folder, data));
  }

  private static String folder(ZipDirectory zip) {
    List<String> pickles =
        zip.names().stream()
            .filter(name -> name.indexOf('/') == name.length() - PICKLE.length())
            .filter(name -> name.endsWith(PICKLE))
            .toList();
    if (pickles.size() != 1) {
      throw new ModelException(
          "not a file of torch.save: expected one entry data.pkl, found " + pickles.size());
    }
    return pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
  }

  private static void checkByteOrder(ZipDirectory zip, String folder) throws IOException {
    String entry = folder + "/byteorder";
    // older files do not have it, and are little-endian
    if (zip.names().contains(entry)) {
      String order = StandardCharsets.US_ASCII.decode(zip.read(entry, 16)).toString();
      if (!order.equals("little")) {
        throw new ModelException("expected little-endian data, found " + Quoted.of(order));
      }
    }
  }

  private static ModelConfig config(Map<?, ?> dictionary) {
    if (dictionary.containsKey("dune_backbone_name")) {
      throw new ModelException("a DUNE checkpoint, which is not supported");
    }
    if (dictionary.get("args") instanceof Namespace arguments
        && arguments.attributes().get("model") instanceof String text) {
      return ModelString.parse(text);
    }
    throw new ModelException("not a MASt3R or DUSt3R checkpoint: it has no args.model");
  }

  private static Map<String, Tensor> tensors(Map<?, ?> dictionary) {
    if (!(dictionary.get("model") instanceof Map<?, ?> model)) {
      throw new ModelException("not a MASt3R or DUSt3R checkpoint: it has no tensors in model");
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : model.entrySet()) {
      String name = String.valueOf(entry.getKey());
      if (!(entry.getValue() instanceof Tensor tensor)) {
        throw new ModelException("model: " + Quoted.of(name) + " is no tensor");
      }
      tensors.put(name, tensor);
    }
    return tensors;
  }

  private static Map<Storage, Region> regions(
      ZipDirectory zip, String folder, Map<String, Tensor> tensors) throws IOException {
    Map<Storage, Region> regions = new LinkedHashMap<>();
    for (Tensor tensor : tensors.values()) {
      if (!regions.containsKey(tensor.storage())) {
        regions.put(tensor.storage(), region(zip, folder, tensor.storage()));
      }
    }
    checkDisjoint(regions);
    return regions;
  }

  private static Map<Storage, ByteBuffer> map(FileChannel channel, Map<Storage, Region> regions)
      throws IOException {
    List<ByteBuffer> buffers = MappedRegions.map(channel, List.copyOf(regions.values()));
    Map<Storage, ByteBuffer> data = new LinkedHashMap<>();
    for (Storage storage : regions.keySet()) {
      data.put(storage, buffers.get(data.size()));
    }
    return data;
  }

  private static Map<String, TensorData> tensors(
      Map<String, Tensor> tensors, Map<Storage, Region> regions, Map<Storage, ByteBuffer> data) {
    Map<String, TensorData> mapped = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          TensorInfo info = info(name, tensor);
          int start = Math.toIntExact(tensor.offset() * info.type().bytes());
          mapped.put(
              name,
              new TensorData(
                  info,
                  data.get(tensor.storage()).slice(start, info.byteCount()),
                  regions.get(tensor.storage()).offset() + start));
        });
    return mapped;
  }

  private static List<String> damaged(
      ZipDirectory zip, String folder, Map<Storage, ByteBuffer> data) {
    List<String> damaged = new ArrayList<>();
    data.forEach(
        (storage, bytes) -> {
          String entry = storageEntry(folder, storage);
          if (!zip.isWhole(entry, bytes)) {
            damaged.add("zip entry " + Quoted.of(entry) + " is damaged: its checksum differs");
          }
        });
    return damaged;
  }

  private static String storageEntry(String folder, Storage storage) {
    return folder + "/data/" + storage.key();
  }

  private static Region region(ZipDirectory zip, String folder, Storage storage)
      throws IOException {
    Region region = zip.region(storageEntry(folder, storage));
    if (storage.elements() != region.length() / storage.type().bytes()
        || region.length() % storage.type().bytes() != 0) {
      throw new ModelException(
          "storage "
              + Quoted.of(storage.key())
              + ": expected "
              + storage.elements()
              + " values of "
              + storage.type()
              + ", found "
              + region.length()
              + " bytes");
    }
    return region;
  }

  /** Checks a tensor against its storage; sizes of 1 have strides that do not matter. */
  private static TensorInfo info(String name, Tensor tensor) {
    TensorInfo info = new TensorInfo(name, tensor.storage().type(), tensor.shape());
    boolean contiguous = tensor.strides().size() == tensor.shape().size();
    long stride = 1;
    for (int i = tensor.shape().size() - 1; contiguous && i >= 0; i--) {
      contiguous = tensor.shape().get(i) == 1 || tensor.strides().get(i) == stride;
      stride *= tensor.shape().get(i);
    }
    if (info.elements() > 0 && !contiguous) {
      throw new ModelException("tensor " + Quoted.of(name) + " is not contiguous");
    }
    if (tensor.offset() < 0 || tensor.offset() > tensor.storage().elements() - info.elements()) {
      throw new ModelException("tensor " + Quoted.of(name) + " lies outside of its storage");
    }
    return info;
  }

  private static void checkDisjoint(Map<Storage, Region> regions) {
    List<Storage> byOffset = new ArrayList<>(regions.keySet());
    byOffset.sort(
        Comparator.comparingLong((Storage storage) -> regions.get(storage).offset())
            .thenComparingLong(storage -> regions.get(storage).end()));
    for (int i = 1; i < byOffset.size(); i++) {
      Storage one = byOffset.get(i - 1);
      Storage other = byOffset.get(i);
      if (regions.get(other).offset() < regions.get(one).end()) {
        throw new ModelException(
            "storages " + Quoted.of(one.key()) + " and " + Quoted.of(other.key()) + " overlap");
      }
    }
  }
}
