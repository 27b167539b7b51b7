package dev.mast3r.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageCacheTest {

  private final List<String> loaded = new ArrayList<>();
  private final List<String> released = new ArrayList<>();

  private ImageCache<Path, String> cache(long budgetBytes) {
    return new ImageCache<>(
        budgetBytes,
        path -> {
          loaded.add(path.toString());
          return path.toString();
        },
        image -> 10,
        released::add);
  }

  @Test
  void loadsAnImageOnceWhileThereIsRoom() {
    ImageCache<Path, String> cache = cache(20);

    cache.get(Path.of("a"));
    cache.get(Path.of("b"));
    cache.trim();
    cache.get(Path.of("a"));

    assertEquals(List.of("a", "b"), loaded);
    assertEquals(List.of(), released);
  }

  @Test
  void dropsWhatWasUnusedForLongest() {
    ImageCache<Path, String> cache = cache(20);
    cache.get(Path.of("a"));
    cache.get(Path.of("b"));
    cache.get(Path.of("a"));

    cache.get(Path.of("c"));
    cache.trim();

    assertEquals(List.of("b"), released);
  }

  @Test
  void keepsThePairAtWorkWithoutAnyRoom() {
    ImageCache<Path, String> cache = cache(0);

    cache.get(Path.of("a"));
    cache.get(Path.of("b"));
    assertEquals(List.of(), released);

    cache.trim();
    assertEquals(List.of("a", "b"), released);
  }

  @Test
  void releasesAllWhenClosed() {
    ImageCache<Path, String> cache = cache(100);
    cache.get(Path.of("a"));

    cache.close();

    assertEquals(List.of("a"), released);
  }
}
