package dev.mast3r.app;

import dev.mast3r.error.DeviceException;
import dev.mast3r.error.Mast3rException;
import dev.mast3r.image.OpenCvLibrary;
import dev.mast3r.match.KernelChoice;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.EngineInfo;
import dev.mast3r.model.Precision;
import dev.mast3r.model.ProductLibrary;
import dev.mast3r.model.ProductSpeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says what was found on this machine, what is missing and how to get it. */
public final class Diagnose {

  /**
   * One finding.
   *
   * @param subject what was looked for
   * @param text what is there, or how to get it
   */
  public record Finding(String subject, State state, String text) {}

  /** Whether what was looked for is there. */
  public enum State {
    FOUND,
    /** It is not there, and the commands do without. */
    NONE,
    /** It is not there, and some command fails for that. */
    MISSING
  }

  private final Environment environment;

  public Diagnose(Environment environment) {
    this.environment = environment;
  }

  /** Looks for everything that the commands need. */
  public List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    boolean gpu = false;
    findings.add(
        new Finding(
            "java", State.FOUND, environment.javaVersion() + ", " + environment.platform()));
    try {
      EngineInfo engine = EngineInfo.probe();
      findings.add(new Finding("engine", State.FOUND, engine(engine)));
      gpu = !engine.gpus().isEmpty();
      findings.add(new Finding("devices", State.FOUND, devices(engine)));
      findings.add(probe("products", () -> products(engine.productSpeed())));
      findings.addAll(GpuFindings.of(GpuFindings.driver(), engine.cuda(), engine.gpus()));
    } catch (DeviceException e) {
      findings.add(new Finding("engine", State.MISSING, e.getMessage()));
    }
    findings.add(probe("model", this::model));
    findings.add(new Finding("model store", State.FOUND, environment.store().toString()));
    findings.add(new Finding("matcher", State.FOUND, matcher(gpu)));
    findings.add(probe("opencv", this::openCv));
    return findings;
  }

  private static String matcher(boolean gpu) {
    String inJava = KernelChoice.AUTO.description();
    return gpu
        ? "engine on the GPU, for networks on the CPU " + inJava
        : inJava + "; the engine on a GPU, or by --kernel engine";
  }

  private interface Probe {
    String run();
  }

  private static Finding probe(String subject, Probe probe) {
    try {
      return new Finding(subject, State.FOUND, probe.run());
    } catch (Mast3rException e) {
      return new Finding(subject, State.MISSING, e.getMessage());
    }
  }

  private static String engine(EngineInfo info) {
    return info.name()
        + " "
        + info.version()
        + ", "
        + (info.cuda() ? "CUDA" : "CPU")
        + " natives for "
        + info.platform()
        + " in "
        + info.libraryFolder()
        + ", "
        + info.threads()
        + " threads";
  }

  private static String devices(EngineInfo info) {
    String names =
        info.devices().stream().map(DeviceChoice::toString).collect(Collectors.joining(", "));
    return names + "; " + Precision.AUTO.key() + " precision is " + info.precision().key();
  }

  private String products(ProductSpeed speed) {
    Optional<ProductLibrary> wanted = LoadedNetwork.products(environment);
    String times =
        Arrays.stream(ProductLibrary.values())
            .filter(speed.seconds()::containsKey)
            .map(
                library ->
                    String.format(
                        Locale.ROOT,
                        "%s %.1f ms",
                        library.key(),
                        1e3 * speed.seconds().get(library)))
            .collect(Collectors.joining(", "));
    ProductLibrary taken = wanted.orElseGet(speed::standard);
    return taken.key()
        + (wanted.isPresent() ? " as MAST3R_PRODUCTS says" : "")
        + "; "
        + ProductSpeed.ROWS
        + " rows by "
        + ProductSpeed.SIDE
        + " x "
        + ProductSpeed.SIDE
        + ": "
        + times
        + speed
            .fasterThan(taken)
            .map(other -> "; MAST3R_PRODUCTS=" + other.key() + " is faster on this machine")
            .orElse("");
  }

  private String model() {
    List<String> known = new ManageModels(environment).info(Optional.empty());
    return known.get(0).replaceFirst("name *", "")
        + ", "
        + known.get(2).replaceFirst("network *", "");
  }

  private String openCv() {
    OpenCvLibrary.load(environment.cache());
    return OpenCvLibrary.version() + " in " + environment.cache();
  }
}
