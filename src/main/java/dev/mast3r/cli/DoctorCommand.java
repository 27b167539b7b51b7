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
              finding.found() ? "found" : "MISSING",
              finding.subject(),
              finding.text());
    }
    return findings.stream().allMatch(Diagnose.Finding::found)
        ? ExitCodes.DONE
        : ExitCodes.of(ErrorKind.DEVICE);
  }
}
