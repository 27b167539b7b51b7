package dev.mast3r.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ImageCacheTest {

  private final List<String> loaded = new ArrayList<>();
  private final List<String> released = new ArrayList<>();

  private ImageCache<Path, String> cache(long budgetBytes) {
    return new ImageCache<>(
        budgetBytes,
        paths -> {
          loaded.add(paths.stream().map(Path::toString).collect(Collectors.joining(" ")));
          return paths.stream().map(Path::toString).toList();
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
  void loadsTheNewOnesOfSeveralTogether() {
    ImageCache<Path, String> cache = cache(100);
    cache.get(Path.of("b"));

    List<String> images =
        cache.get(List.of(Path.of("c"), Path.of("b"), Path.of("a"), Path.of("c")));

    assertEquals(List.of("c", "b", "a", "c"), images);
    assertEquals(List.of("b", "c a"), loaded);
  }

  @Test
  void keepsWhatItHasWhenOthersCannotBeLoaded() {
    ImageCache<Path, String> cache =
        new ImageCache<>(
            100,
            paths -> {
              if (paths.contains(Path.of("bad"))) {
                throw new IllegalArgumentException("bad");
              }
              return paths.stream().map(Path::toString).toList();
            },
            image -> 10,
            released::add);
    cache.get(Path.of("a"));

    assertThrows(
        IllegalArgumentException.class,
        () -> cache.get(List.of(Path.of("a"), Path.of("b"), Path.of("bad"))));

    assertEquals(List.of("a", "b"), cache.get(List.of(Path.of("a"), Path.of("b"))));
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
