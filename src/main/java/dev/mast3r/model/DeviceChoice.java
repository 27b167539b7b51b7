package dev.mast3r.model;

import dev.mast3r.error.UsageException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Where the network is to run.
 *
 * @param kind of the device
 * @param index of the GPU, 0 for the first; 0 if it is none
 */
public record DeviceChoice(Kind kind, int index) {

  /** The kind of a device. */
  public enum Kind {
    /** The first GPU if there is one and the engine can use it, else the CPU. */
    AUTO,
    CPU,
    /** A GPU; it is an error if it is not there. */
    CUDA,
    /** Every GPU, where there is a list to spread, else the first; it is an error without any. */
    ALL_CUDA
  }

  public static final DeviceChoice AUTO = new DeviceChoice(Kind.AUTO, 0);
  public static final DeviceChoice CPU = new DeviceChoice(Kind.CPU, 0);

  public static final DeviceChoice ALL_CUDA = new DeviceChoice(Kind.ALL_CUDA, 0);

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

  public DeviceChoice {
    if (index < 0 || (kind != Kind.CUDA && index != 0)) {
      throw new IllegalArgumentException("no device " + kind + " " + index);
    }
  }

  /**
   * Parses {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}.
   *
   * @throws UsageException if it is none of them
   */
  public static DeviceChoice parse(String text) {
    if (text.equals("auto")) {
      return AUTO;
    }
    if (text.equals("cpu")) {
      return CPU;
    }
    Matcher cuda = CUDA.matcher(text);
    if (!cuda.matches()) {
      throw new UsageException("expected auto, cpu, cuda or cuda:N, found '" + text + "'");
    }
    return cuda.group(1) == null
        ? ALL_CUDA
        : new DeviceChoice(Kind.CUDA, Integer.parseInt(cuda.group(1)));
  }

  /**
   * Returns this choice device by device.
   *
   * @param gpus that there are; without any, the choice stays as it is
   */
  List<DeviceChoice> each(int gpus) {
    return kind == Kind.ALL_CUDA && gpus > 0
        ? IntStream.range(0, gpus).mapToObj(gpu -> new DeviceChoice(Kind.CUDA, gpu)).toList()
        : List.of(this);
  }

  /** Returns the text that {@link #parse} takes. */
  @Override
  public String toString() {
    return switch (kind) {
      case AUTO -> "auto";
      case CPU -> "cpu";
      case CUDA -> "cuda:" + index;
      case ALL_CUDA -> "cuda";
    };
  }
}
