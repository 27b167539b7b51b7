package dev.mast3r;

import dev.mast3r.app.Environment;
import dev.mast3r.cli.CommandTree;
import dev.mast3r.cli.Console;
import dev.mast3r.cli.ResultStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The entry point of the command line: hands the process's streams and environment to the command
 * tree.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    Map<String, String> properties = new HashMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      properties.put(name, System.getProperty(name));
    }
    Console console =
        new Console(
            System.in,
            new ResultStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))),
            new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true),
            Boolean.getBoolean("mast3r.terminal"));
    System.exit(CommandTree.run(args, console, Environment.of(System.getenv(), properties)));
  }
}
