package dev.mast3r.app;

import dev.mast3r.error.Mast3rException;
import dev.mast3r.image.OpenCvLibrary;
import dev.mast3r.match.KernelChoice;
import dev.mast3r.model.DeviceChoice;
import dev.mast3r.model.EngineInfo;
import dev.mast3r.model.Precision;
import java.util.List;
import java.util.stream.Collectors;

/** Says what was found on this machine, what is missing and how to get it. */
public final class Diagnose {

  /**
   * One finding.
   *
   * @param subject what was looked for
   * @param found whether it is there
   * @param text what is there, or how to get it
   */
  public record Finding(String subject, boolean found, String text) {}

  private final Environment environment;

  public Diagnose(Environment environment) {
    this.environment = environment;
  }

  /** Looks for everything that the commands need. */
  public List<Finding> run() {
    return List.of(
        new Finding("java", true, environment.javaVersion() + ", " + environment.platform()),
        probe("engine", () -> engine(EngineInfo.probe())),
        probe("devices", () -> devices(EngineInfo.probe())),
        probe("model", this::model),
        new Finding("model store", true, environment.store().toString()),
        new Finding("matcher", true, KernelChoice.AUTO.description()),
        probe("opencv", this::openCv));
  }

  private interface Probe {
    String run();
  }

  private static Finding probe(String subject, Probe probe) {
    try {
      return new Finding(subject, true, probe.run());
    } catch (Mast3rException e) {
      return new Finding(subject, false, e.getMessage());
    }
  }

  private static String engine(EngineInfo info) {
    return info.name()
        + " "
        + info.version()
        + ", "
        + info.flavour()
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

  private String model() {
    List<String> known = new ManageModels(environment).info(java.util.Optional.empty());
    return known.get(0).replaceFirst("name *", "")
        + ", "
        + known.get(2).replaceFirst("network *", "");
  }

  private String openCv() {
    OpenCvLibrary.load(environment.cache());
    return OpenCvLibrary.version() + " in " + environment.cache();
  }
}
