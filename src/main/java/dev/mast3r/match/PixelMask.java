package dev.mast3r.match;

import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * Which pixels of a W x H map take part in matching: the others neither seed a search nor answer
 * one, and their values are not looked at. Immutable.
 */
public final class PixelMask {

  private final int width;
  private final int height;
  private final BitSet allowed;

  private PixelMask(int width, int height, BitSet allowed) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a mask needs a positive size, found " + width + " x " + height);
    }
    this.width = width;
    this.height = height;
    this.allowed = allowed;
  }

  /** Allows every pixel. */
  public static PixelMask all(int width, int height) {
    BitSet allowed = new BitSet();
    allowed.set(0, Math.multiplyExact(width, height));
    return new PixelMask(width, height, allowed);
  }

  /** Allows the pixels {@code index = y width + x} for which the predicate holds. */
  public static PixelMask of(int width, int height, IntPredicate isAllowed) {
    BitSet allowed = new BitSet();
    for (int index = 0; index < Math.multiplyExact(width, height); index++) {
      allowed.set(index, isAllowed.test(index));
    }
    return new PixelMask(width, height, allowed);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Returns whether pixel {@code index = y width + x} takes part. */
  public boolean allows(int index) {
    return allowed.get(index);
  }

  /** Returns the number of pixels that take part. */
  public int count() {
    return allowed.cardinality();
  }
}
