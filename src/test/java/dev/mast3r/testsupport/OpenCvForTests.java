package dev.mast3r.testsupport;

import dev.mast3r.image.OpenCvLibrary;
import java.nio.file.Path;

/** Loads OpenCV from a copy under the build folder, unpacked at the first run. */
public final class OpenCvForTests {

  private OpenCvForTests() {}

  public static void load() {
    OpenCvLibrary.load(Path.of("target", "opencv"));
  }
}
