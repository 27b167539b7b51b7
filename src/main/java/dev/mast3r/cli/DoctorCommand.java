package dev.mast3r.cli;

import dev.mast3r.app.Diagnose;
import dev.mast3r.app.Environment;
import dev.mast3r.error.ErrorKind;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** What was found on this machine. */
@Command(
    name = "doctor",
    description = "Say what was found on this machine, what is missing and how to get it.")
final class DoctorCommand implements Callable<Integer> {

  private final Console console;
  private final Environment environment;

  DoctorCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    List<Diagnose.Finding> findings = new Diagnose(environment).run();
    for (Diagnose.Finding finding : findings) {
      console
          .out()
          .printf(
              Locale.ROOT,
              "%-8s %-12s %s%n",
              status(finding.state()),
              finding.subject(),
              finding.text());
    }
    boolean missing =
        findings.stream().anyMatch(finding -> finding.state() == Diagnose.State.MISSING);
    return missing ? ExitCodes.of(ErrorKind.DEVICE) : ExitCodes.DONE;
  }

  private static String status(Diagnose.State state) {
    return switch (state) {
      case FOUND -> "found";
      case NONE -> "none";
      case MISSING -> "MISSING";
    };
  }
}
