package dev.mast3r.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EngineInfoTest {

  @Test
  void saysWhichEngineWasFound() {
    EngineInfo info = EngineInfo.probe();

    assertEquals("PyTorch", info.name());
    assertTrue(info.version().matches("\\d+\\.\\d+\\.\\d+"), info.version());
    assertTrue(info.platform().matches("(linux|osx|win)-(x86_64|aarch64)"), info.platform());
    assertTrue(Files.isDirectory(Path.of(info.libraryFolder())), info.libraryFolder());
    assertTrue(info.threads() > 0);
    assertTrue(info.devices().contains(DeviceChoice.CPU));
  }
}
