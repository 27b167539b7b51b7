package dev.mast3r.weights;

import java.util.List;

/**
 * What was found in a weight file.
 *
 * @param tensors number of names in the file
 * @param parameters number of values that the network reads
 * @param types the formats of those values, as in {@code float32}
 * @param problems one line each, naming the tensor; empty if the file is whole
 */
public record WeightReport(
    int tensors, long parameters, List<ElementType> types, List<String> problems) {

  public WeightReport {
    types = List.copyOf(types);
    problems = List.copyOf(problems);
  }

  /** Returns whether the network can use the file. */
  public boolean isWhole() {
    return problems.isEmpty();
  }
}
