package dev.mast3r.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.testsupport.CommandRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class HelpTest {

  @Test
  void everyCommandAnswersHelp() {
    for (String command :
        List.of("match", "pose", "reconstruct", "eval", "model", "bench", "doctor", "completion")) {
      CommandRun run = CommandRun.of(command, "--help");

      assertEquals(0, run.exitCode(), command);
      assertTrue(run.out().startsWith("Usage: mast3r " + command), run.out());
      assertEquals("", run.err());
    }
  }

  @Test
  void theTopTellsTheExitCodes() {
    CommandRun run = CommandRun.of("--help");

    assertEquals(0, run.exitCode());
    assertTrue(run.out().contains("  6   a list finished and some pairs failed"), run.out());
  }

  @Test
  void noCommandIsWrongUsage() {
    CommandRun run = CommandRun.of();

    assertEquals(2, run.exitCode());
    assertEquals(List.of("mast3r: expected a command (see 'mast3r --help')"), run.errLines());
  }

  @Test
  void completionIsAScriptForTheShell() {
    assertTrue(CommandRun.of("completion").out().startsWith("#!/usr/bin/env bash"));
  }

  @Test
  void doctorFindsEverythingOnAWholeInstallation() {
    CommandRun run = CommandRun.of("doctor");

    assertEquals(0, run.exitCode(), run.out());
    assertTrue(run.out().contains("found    matcher      vector kernel, registers of "), run.out());
    assertTrue(run.out().contains("; the engine on a GPU, or by --kernel engine"), run.out());
    assertEquals(8, run.outLines().stream().filter(line -> line.startsWith("found ")).count());
  }

  @Test
  void theBundledModelIsWhole() {
    CommandRun run = CommandRun.of("model", "verify", "mast3r-small");

    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().startsWith("mast3r-small is whole: "), run.out());
    assertTrue(CommandRun.of("model", "list").out().startsWith("* mast3r-small"));
    assertTrue(CommandRun.of("model", "info").out().contains("licence       Apache-2.0"));
  }
}
