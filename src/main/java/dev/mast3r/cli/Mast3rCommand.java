package dev.mast3r.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The top of the tree: global options, help, version. */
@Command(
    name = "mast3r",
    description = "Dense image matching and metric relative pose (MASt3R).",
    mixinStandardHelpOptions = true,
    versionProvider = Mast3rCommand.Version.class,
    scope = ScopeType.INHERIT,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:done",
      "  1:a defect of ours",
      "  2:wrong usage",
      "  3:an input cannot be read, is no image, or is refused by a limit",
      "  4:model missing, damaged or of another kind",
      "  5:no pose (single-pair commands)",
      "  6:a list finished and some pairs failed",
      "  7:eval found a regression against its baseline",
      "  8:device or engine not available",
      "130:interrupted; what was finished is kept"
    })
final class Mast3rCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "-v",
      scope = ScopeType.INHERIT,
      description = "print the stack trace of a failure")
  private boolean verbose;

  /** Returns whether the user wants to see stack traces. */
  boolean isVerbose() {
    return verbose;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }

  /** The version from the jar's manifest. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = Mast3rCommand.class.getPackage().getImplementationVersion();
      return new String[] {"mast3r " + (version == null ? "(development build)" : version)};
    }
  }
}
