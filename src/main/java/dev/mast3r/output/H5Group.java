package dev.mast3r.output;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A group of an HDF5 file that is about to be written: datasets of int32 or float32, and further
 * groups, by name.
 */
final class H5Group {

  /**
   * A dense array in C order.
   *
   * @param floats whether the elements are float32, else int32
   * @param data the elements, little-endian
   */
  record Dataset(boolean floats, List<Integer> shape, ByteBuffer data) {}

  private final Map<String, H5Group> groups = new TreeMap<>();
  private final Map<String, Dataset> datasets = new TreeMap<>();

  /** Returns the group at a path of names with slashes between, making what is missing. */
  H5Group group(String path) {
    H5Group group = this;
    for (String name : path.split("/", -1)) {
      // an absolute path starts below the root like any other
      if (!name.isEmpty() && !name.equals(".")) {
        group = group.groups.computeIfAbsent(name, key -> new H5Group());
      }
    }
    return group;
  }

  void putFloats(String name, float[] values, Integer... shape) {
    ByteBuffer data = allocate(values.length);
    data.asFloatBuffer().put(values);
    datasets.put(name, new Dataset(true, List.of(shape), data));
  }

  void putInts(String name, int[] values, Integer... shape) {
    ByteBuffer data = allocate(values.length);
    data.asIntBuffer().put(values);
    datasets.put(name, new Dataset(false, List.of(shape), data));
  }

  Map<String, H5Group> groups() {
    return groups;
  }

  Map<String, Dataset> datasets() {
    return datasets;
  }

  private static ByteBuffer allocate(int elements) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, 4)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
