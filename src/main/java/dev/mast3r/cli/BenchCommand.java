package dev.mast3r.cli;

import dev.mast3r.app.Benchmark;
import dev.mast3r.app.Environment;
import dev.mast3r.output.BenchmarkReport;
import dev.mast3r.output.BenchmarkTable;
import dev.mast3r.output.JsonBenchmark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Stage-by-stage speed and memory on this machine. */
@Command(
    name = "bench",
    description = {
      "Measure speed and memory, stage by stage, on two images or on a made-up pair of 640x480.",
      "GFLOP are counted from the network's layers; GEMM is the engine's product of two fp32 matrices of 2048 x 2048 in"
          + " the same run. Peak RSS counts mapped weights too."
    })
final class BenchCommand implements Callable<Integer> {

  private static final int MOST_RUNS = 10_000;

  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..2", paramLabel = "IMAGE", description = "the two images, A and B")
  private List<Path> images = new ArrayList<>();

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "after two that warm up; default: ${DEFAULT-VALUE}")
  private int runs = 5;

  @Option(names = "--json", description = "one JSON object in place of the table")
  private boolean json;

  @Mixin private MatchMixin matching;
  @Mixin private NetworkMixin network;
  @Mixin private OutputMixin output;

  BenchCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (images.size() != 0 && images.size() != 2) {
      throw new ParameterException(
          spec.commandLine(), "expected two images or none, found " + images.size());
    }
    if (runs < 1 || runs > MOST_RUNS) {
      throw new ParameterException(
          spec.commandLine(), "option '--runs': expected 1 to " + MOST_RUNS + ", found " + runs);
    }
    Benchmark benchmark = new Benchmark(environment, network.toOptions(), matching.toSettings());
    BenchmarkReport report =
        images.isEmpty()
            ? benchmark.run(runs, output.notices(console))
            : benchmark.run(images.get(0), images.get(1), runs, output.notices(console));
    if (json) {
      console.out().println(JsonBenchmark.line(report));
    } else {
      BenchmarkTable.lines(report).forEach(console.out()::println);
    }
    return ExitCodes.DONE;
  }
}
