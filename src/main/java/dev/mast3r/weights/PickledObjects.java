package dev.mast3r.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names that a checkpoint's pickle may use, and what becomes of them: descriptions of storages
 * and tensors, dictionaries and attribute holders. A name is compared with the list and never
 * looked up, so that nothing else can be made or called.
 */
final class PickledObjects {

  /** A name of a module. */
  record Global(String module, String name) {
    @Override
    public String toString() {
      return module + " " + name;
    }
  }

  /**
   * The data of one or more tensors.
   *
   * @param key names the zip entry
   * @param elements of the type
   */
  record Storage(ElementType type, String key, long elements) {}

  /** A view of a storage; offset and strides count elements. */
  record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

  /** An object of attributes, as argparse's. */
  static final class Namespace {

    private Map<Object, Object> attributes = Map.of();

    Map<Object, Object> attributes() {
      return attributes;
    }

    /** Keeps the map itself: a hostile input could name one large map very many times. */
    void setAttributes(Map<Object, Object> attributes) {
      this.attributes = attributes;
    }
  }

  /** A Python tuple. */
  record Tuple(List<Object> items) {}

  /** A value that nothing here needs, as a path. */
  enum Opaque {
    INSTANCE
  }

  private static final int MOST_DIMENSIONS = 16;

  private static final Global ORDERED_DICT = new Global("collections", "OrderedDict");
  private static final Global NAMESPACE = new Global("argparse", "Namespace");
  private static final Global TENSOR = new Global("torch._utils", "_rebuild_tensor_v2");
  private static final Global PARAMETER = new Global("torch._utils", "_rebuild_parameter");
  private static final Global SIZE = new Global("torch", "Size");
  private static final Global PATH = new Global("pathlib", "PosixPath");

  private static final Map<Global, ElementType> STORAGES =
      Map.of(
          new Global("torch", "FloatStorage"), ElementType.FLOAT32,
          new Global("torch", "HalfStorage"), ElementType.FLOAT16,
          new Global("torch", "BFloat16Storage"), ElementType.BFLOAT16,
          new Global("torch", "DoubleStorage"), ElementType.FLOAT64,
          new Global("torch", "LongStorage"), ElementType.INT64,
          new Global("torch", "IntStorage"), ElementType.INT32,
          new Global("torch", "ByteStorage"), ElementType.UINT8,
          new Global("torch", "BoolStorage"), ElementType.BOOL);

  private static final List<Global> CALLABLE =
      List.of(ORDERED_DICT, NAMESPACE, TENSOR, PARAMETER, SIZE, PATH);

  private PickledObjects() {}

  static boolean isAllowed(Global global) {
    return CALLABLE.contains(global) || STORAGES.containsKey(global);
  }

  /** Returns what the call of an allowed name makes, absent if it cannot take the arguments. */
  static Optional<Object> call(Global global, List<Object> arguments) {
    if (global.equals(ORDERED_DICT) && arguments.isEmpty()) {
      return Optional.of(new LinkedHashMap<>());
    }
    if (global.equals(NAMESPACE) && arguments.isEmpty()) {
      return Optional.of(new Namespace());
    }
    if (global.equals(TENSOR) && arguments.size() == 6) {
      return tensor(arguments).map(tensor -> tensor);
    }
    if (global.equals(PARAMETER)
        && arguments.size() == 3
        && arguments.get(0) instanceof Tensor tensor) {
      return Optional.of(tensor);
    }
    if (global.equals(SIZE) && arguments.size() == 1 && arguments.get(0) instanceof Tuple tuple) {
      return Optional.of(tuple);
    }
    return global.equals(PATH) ? Optional.of(Opaque.INSTANCE) : Optional.empty();
  }

  private static Optional<Tensor> tensor(List<Object> arguments) {
    Optional<List<Long>> shape = integers(arguments.get(2));
    Optional<List<Long>> strides = integers(arguments.get(3));
    if (arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Long offset
        && shape.isPresent()
        && strides.isPresent()) {
      return Optional.of(new Tensor(storage, offset, shape.get(), strides.get()));
    }
    return Optional.empty();
  }

  private static Optional<List<Long>> integers(Object value) {
    if (!(value instanceof Tuple tuple) || tuple.items().size() > MOST_DIMENSIONS) {
      return Optional.empty();
    }
    List<Long> integers = new ArrayList<>();
    for (Object item : tuple.items()) {
      if (!(item instanceof Long integer)) {
        return Optional.empty();
      }
      integers.add(integer);
    }
    return Optional.of(integers);
  }

  /** Returns the storage that a persistent identifier means, absent if it means none. */
  static Optional<Storage> storage(Object id) {
    if (id instanceof Tuple tuple
        && tuple.items().size() == 5
        && "storage".equals(tuple.items().get(0))
        && tuple.items().get(1) instanceof Global global
        && STORAGES.containsKey(global)
        && tuple.items().get(2) instanceof String key
        && tuple.items().get(4) instanceof Long elements) {
      return Optional.of(new Storage(STORAGES.get(global), key, elements));
    }
    return Optional.empty();
  }
}
