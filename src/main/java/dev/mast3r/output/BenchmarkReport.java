package dev.mast3r.output;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How fast one image pair was on this machine.
 *
 * @param model name of the model
 * @param device that the network ran on
 * @param precision of its products
 * @param products library of the products in fp32 on a CPU
 * @param threads of engine and matcher
 * @param networkA size of image A as the network saw it, as in {@code 512x384}
 * @param networkB of image B
 * @param loadSeconds bringing up engine and model, once
 * @param stages in the order of their work
 * @param gemmFlops floating point operations a second of a large matrix product by the library that
 *     is faster at it, measured in the same run
 * @param peakBytes most memory that the process had resident; empty where the system does not tell
 */
public record BenchmarkReport(
    String model,
    String device,
    String precision,
    String products,
    int threads,
    String networkA,
    String networkB,
    double loadSeconds,
    List<Stage> stages,
    double gemmFlops,
    OptionalLong peakBytes) {

  public BenchmarkReport {
    stages = List.copyOf(stages);
  }

  /**
   * A stage of the work on one pair.
   *
   * @param seconds of every run
   * @param operations floating point operations of one run, for stages of the network
   */
  public record Stage(String name, List<Double> seconds, OptionalLong operations) {

    public Stage {
      seconds = seconds.stream().sorted().toList();
      if (seconds.isEmpty()) {
        throw new IllegalArgumentException("stage '" + name + "' was never run");
      }
    }

    public double min() {
      return seconds.get(0);
    }

    public double max() {
      return seconds.get(seconds.size() - 1);
    }

    /** Returns the middle one, or the mean of the two in the middle. */
    public double median() {
      int middle = seconds.size() / 2;
      return seconds.size() % 2 == 1
          ? seconds.get(middle)
          : (seconds.get(middle - 1) + seconds.get(middle)) / 2;
    }

    /** Returns operations a second in the median run. */
    public Optional<Double> flops() {
      return operations.isPresent()
          ? Optional.of(operations.getAsLong() / median())
          : Optional.empty();
    }
  }

  /** Returns how often the pair was worked through. */
  public int runs() {
    return stages.get(0).seconds().size();
  }

  /** Returns the sum of the stages' medians. */
  public double pairSeconds() {
    return stages.stream().mapToDouble(Stage::median).sum();
  }

  /** Returns the network's operations in one run; empty if its layers are not known. */
  public OptionalLong operations() {
    long sum = stages.stream().mapToLong(stage -> stage.operations().orElse(0)).sum();
    return sum > 0 ? OptionalLong.of(sum) : OptionalLong.empty();
  }

  /** Returns the network's operations a second. */
  public Optional<Double> flops() {
    double seconds =
        stages.stream()
            .filter(stage -> stage.operations().isPresent())
            .mapToDouble(Stage::median)
            .sum();
    return seconds > 0 ? Optional.of(operations().orElse(0) / seconds) : Optional.empty();
  }

  /** Returns the network's share of what a large matrix product reaches. */
  public Optional<Double> shareOfGemm() {
    return flops().map(flops -> flops / gemmFlops);
  }
}
