package dev.mast3r.app;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Keeps what was made of the images used last, so that an image that stands in many pairs is read
 * once while there is room. Nothing is dropped between two calls of {@link #trim}: the images of
 * the pair at work stay whole however small the budget.
 *
 * @param <K> what tells images apart
 * @param <T> what is made of an image
 */
final class ImageCache<K, T> implements AutoCloseable {

  private final long budgetBytes;
  private final Function<List<K>, List<T>> load;
  private final ToLongFunction<T> byteCount;
  private final Consumer<T> release;
  private final Map<K, T> leastRecentlyUsedFirst = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param load makes all that it is asked for, in order, or nothing
   */
  ImageCache(
      long budgetBytes,
      Function<List<K>, List<T>> load,
      ToLongFunction<T> byteCount,
      Consumer<T> release) {
    this.budgetBytes = budgetBytes;
    this.load = load;
    this.byteCount = byteCount;
    this.release = release;
  }

  T get(K image) {
    return get(List.of(image)).get(0);
  }

  /** Returns what was made of some images; those that are new are loaded together. */
  List<T> get(List<K> wanted) {
    List<K> missing =
        wanted.stream()
            .distinct()
            .filter(image -> !leastRecentlyUsedFirst.containsKey(image))
            .toList();
    if (!missing.isEmpty()) {
      List<T> loaded = load.apply(missing);
      for (int i = 0; i < missing.size(); i++) {
        leastRecentlyUsedFirst.put(missing.get(i), loaded.get(i));
      }
    }
    return wanted.stream().map(leastRecentlyUsedFirst::get).toList();
  }

  /** Drops the images unused for longest until the rest fits the budget. */
  void trim() {
    long bytes = 0;
    for (T image : leastRecentlyUsedFirst.values()) {
      bytes += byteCount.applyAsLong(image);
    }
    Iterator<T> oldest = leastRecentlyUsedFirst.values().iterator();
    while (bytes > budgetBytes && oldest.hasNext()) {
      T image = oldest.next();
      bytes -= byteCount.applyAsLong(image);
      oldest.remove();
      release.accept(image);
    }
  }

  @Override
  public void close() {
    leastRecentlyUsedFirst.values().forEach(release);
    leastRecentlyUsedFirst.clear();
  }
}
