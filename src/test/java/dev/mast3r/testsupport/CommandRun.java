package dev.mast3r.testsupport;

import dev.mast3r.app.Environment;
import dev.mast3r.cli.CommandTree;
import dev.mast3r.cli.Console;
import dev.mast3r.cli.ResultStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a command line did.
 *
 * @param exitCode what the process would have returned
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int exitCode, String out, String err) {

  /** The pairs that the repository carries. */
  public static final Path IMAGES = Path.of("testdata/images");

  /** Runs a command line in this process with the models of the repository. */
  public static CommandRun of(Object... args) {
    return withInput("", args);
  }

  /** As {@link #of}, with text on standard input. */
  public static CommandRun withInput(String input, Object... args) {
    String home = System.getProperty("user.home");
    Environment environment =
        new Environment(
            Path.of("target/no-such-store"),
            Path.of("models"),
            Path.of(home, ".cache/mast3r"),
            Optional.empty(),
            Optional.empty(),
            System.getProperty("java.version"),
            System.getProperty("os.name"));
    return in(environment, input, args);
  }

  /** As {@link #withInput}, in another environment. */
  public static CommandRun in(Environment environment, String input, Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new ResultStream(out),
            new PrintWriter(err),
            false);
    String[] words = List.of(args).stream().map(Object::toString).toArray(String[]::new);
    int code = CommandTree.run(words, console, environment);
    return new CommandRun(code, out.toString(StandardCharsets.UTF_8), err.toString());
  }

  /** Returns the lines of standard error. */
  public List<String> errLines() {
    return err.lines().toList();
  }

  /** Returns the lines of standard output. */
  public List<String> outLines() {
    return out.lines().toList();
  }
}
