package dev.mast3r.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

  private static final Map<String, String> LINUX =
      Map.of("user.home", "/home/u", "os.name", "Linux", "mast3r.home", "/opt/mast3r");

  @Test
  void followsThePlatformsFolders() {
    Environment linux = Environment.of(Map.of(), LINUX);
    assertEquals(Path.of("/home/u/.local/share/mast3r/models"), linux.store());
    assertEquals(Path.of("/home/u/.cache/mast3r"), linux.cache());
    assertEquals(Path.of("/opt/mast3r/models"), linux.bundledModels());
    assertEquals(Optional.empty(), linux.defaultModel());

    Environment xdg =
        Environment.of(Map.of("XDG_DATA_HOME", "/data", "XDG_CACHE_HOME", "/cache"), LINUX);
    assertEquals(Path.of("/data/mast3r/models"), xdg.store());
    assertEquals(Path.of("/cache/mast3r"), xdg.cache());

    Environment mac =
        Environment.of(Map.of(), Map.of("user.home", "/Users/u", "os.name", "Mac OS X"));
    assertEquals(Path.of("/Users/u/Library/Application Support/mast3r/models"), mac.store());
  }

  @Test
  void putsEverythingUnderItsOwnHomeIfThatIsSet() {
    Environment own = Environment.of(Map.of("MAST3R_HOME", "/m", "MAST3R_MODEL", "big"), LINUX);

    assertEquals(Path.of("/m/models"), own.store());
    assertEquals(Path.of("/m/cache"), own.cache());
    assertEquals(Optional.of("big"), own.defaultModel());
  }

  @Test
  void takesAnEmptyVariableForNone() {
    assertEquals(
        Environment.of(Map.of(), LINUX),
        Environment.of(Map.of("MAST3R_HOME", "", "MAST3R_MODEL", " "), LINUX));
  }
}
