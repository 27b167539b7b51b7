package dev.mast3r.testsupport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of photographs with ground truth, which is no part of the project. */
public final class TestData {

  private TestData() {}

  /**
   * Returns the folder named by the system property {@code mast3r.data}, else {@code
   * ../shared/data}; skips the test if it is absent.
   */
  public static Path folder() {
    Path folder = Path.of(System.getProperty("mast3r.data", "../shared/data"));
    assumeTrue(Files.isDirectory(folder), "skipped: no test data");
    return folder;
  }
}
