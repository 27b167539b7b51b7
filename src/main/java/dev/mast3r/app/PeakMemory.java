package dev.mast3r.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that this process ever had resident, native memory included. */
final class PeakMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern HIGH_WATER = Pattern.compile("VmHWM:\\s*(\\d+) kB");
  private static final long KIBIBYTE = 1024;

  private PeakMemory() {}

  /** Returns the bytes; empty where the system does not tell. */
  static OptionalLong bytes() {
    try {
      Matcher line = HIGH_WATER.matcher(Files.readString(STATUS));
      return line.find()
          ? OptionalLong.of(Long.parseLong(line.group(1)) * KIBIBYTE)
          : OptionalLong.empty();
    } catch (IOException e) {
      // only Linux has the file
      return OptionalLong.empty();
    }
  }
}
