package dev.mast3r.app;

import java.util.Iterator;
import java.util.LinkedHashMap;
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
  private final Function<K, T> load;
  private final ToLongFunction<T> byteCount;
  private final Consumer<T> release;
  private final Map<K, T> leastRecentlyUsedFirst = new LinkedHashMap<>(16, 0.75f, true);

  ImageCache(
      long budgetBytes, Function<K, T> load, ToLongFunction<T> byteCount, Consumer<T> release) {
    this.budgetBytes = budgetBytes;
    this.load = load;
    this.byteCount = byteCount;
    this.release = release;
  }

  T get(K image) {
    T known = leastRecentlyUsedFirst.get(image);
    if (known != null) {
      return known;
    }
    T loaded = load.apply(image);
    leastRecentlyUsedFirst.put(image, loaded);
    return loaded;
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
