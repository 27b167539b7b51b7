package dev.mast3r.weights;

import dev.mast3r.error.ModelException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds the tensors of a weight file against those that its configuration asks for. */
public final class WeightCheck {

  private WeightCheck() {}

  /**
   * Returns the tensors that the network reads, by their first names. Their values are not looked
   * at.
   *
   * @throws ModelException if one is missing, has another shape or no floating point format, or if
   *     the file has tensors that belong to another kind of model; the message names the first
   */
  public static Map<String, TensorData> networkTensors(WeightFile file) {
    Map<String, TensorData> found = new LinkedHashMap<>();
    List<String> problems = compare(file, found);
    if (!problems.isEmpty()) {
      int others = problems.size() - 1;
      throw new ModelException(
          file.path()
              + ": "
              + problems.get(0)
              + (others == 0 ? "" : " (and " + others + " more: see model verify)"));
    }
    return found;
  }

  /**
   * Compares names, shapes, formats and checksums, and reads every value that the network would
   * read.
   */
  public static WeightReport verify(WeightFile file) {
    Map<String, TensorData> found = new LinkedHashMap<>();
    List<String> problems = compare(file, found);
    problems.addAll(file.damaged());
    Set<ElementType> types = new TreeSet<>();
    long parameters = 0;
    for (Map.Entry<String, TensorData> entry : found.entrySet()) {
      TensorInfo info = entry.getValue().info();
      types.add(info.type());
      parameters += info.elements();
      long nonFinite = countNonFinite(entry.getValue());
      if (nonFinite > 0) {
        problems.add(
            "tensor "
                + Quoted.of(entry.getKey())
                + " has NaN or infinity in "
                + nonFinite
                + " of "
                + info.elements()
                + " values");
      }
    }
    return new WeightReport(file.tensors().size(), parameters, List.copyOf(types), problems);
  }

  private static List<String> compare(WeightFile file, Map<String, TensorData> found) {
    Map<String, TensorData> stored = file.tensors();
    ExpectedTensors expected = ExpectedTensors.of(file.config(), stored);
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, List<Long>> entry : expected.read().entrySet()) {
      String name = entry.getKey();
      TensorData tensor = stored.getOrDefault(name, stored.get(ExpectedTensors.alias(name)));
      if (tensor == null) {
        problems.add("tensor '" + name + "' is missing");
      } else if (!tensor.info().shape().equals(entry.getValue())) {
        problems.add(
            "tensor '"
                + name
                + "': expected shape "
                + entry.getValue()
                + ", found "
                + tensor.info().shape());
      } else if (!tensor.info().type().isWeight()) {
        problems.add(
            "tensor '"
                + name
                + "': expected float32, float16 or bfloat16, found "
                + tensor.info().type());
      } else {
        found.put(name, tensor);
      }
    }
    reportUnexpected(stored.keySet(), expected, problems);
    return problems;
  }

  private static void reportUnexpected(
      Collection<String> stored, ExpectedTensors expected, List<String> problems) {
    for (String name : stored) {
      if (!expected.read().containsKey(name) && !expected.unread().contains(name)) {
        problems.add("tensor " + Quoted.of(name) + " belongs to no model of this configuration");
      }
    }
  }

  /** Counts values whose exponent bits are all ones. */
  private static long countNonFinite(TensorData tensor) {
    ByteBuffer data = tensor.data();
    return switch (tensor.info().type()) {
      case FLOAT32 -> countNonFinite(data.asIntBuffer());
      case FLOAT16 -> countNonFinite(data.asShortBuffer(), 0x7c00);
      case BFLOAT16 -> countNonFinite(data.asShortBuffer(), 0x7f80);
      default -> throw new IllegalArgumentException("no weight: " + tensor.info());
    };
  }

  private static long countNonFinite(IntBuffer values) {
    long count = 0;
    for (int i = 0; i < values.limit(); i++) {
      if ((values.get(i) & 0x7f80_0000) == 0x7f80_0000) {
        count++;
      }
    }
    return count;
  }

  private static long countNonFinite(ShortBuffer values, int exponentBits) {
    long count = 0;
    for (int i = 0; i < values.limit(); i++) {
      if ((values.get(i) & exponentBits) == exponentBits) {
        count++;
      }
    }
    return count;
  }
}
