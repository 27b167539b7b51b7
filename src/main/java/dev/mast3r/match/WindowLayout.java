package dev.mast3r.match;

import java.util.ArrayList;
import java.util.List;

/**
 * Windows of one size on an image, all of them inside it.
 *
 * @param imageWidth of the image, in pixels
 * @param imageHeight likewise
 * @param windowWidth of every window, at most the image's
 * @param windowHeight likewise
 */
public record WindowLayout(int imageWidth, int imageHeight, int windowWidth, int windowHeight) {

  /** Neighbours of the grid share at least this part of their sides. */
  private static final double OVERLAP = 0.5;

  public WindowLayout {
    if (windowWidth < 1
        || windowHeight < 1
        || windowWidth > imageWidth
        || windowHeight > imageHeight) {
      throw new IllegalArgumentException(
          "windows of "
              + windowWidth
              + " x "
              + windowHeight
              + " do not fit an image of "
              + imageWidth
              + " x "
              + imageHeight);
    }
  }

  /**
   * Takes windows of the image's own aspect that a network can take.
   *
   * @param longSide of a window in pixels, at most the image's long side
   * @param patch both sides of a window are multiples of it, and at least one
   */
  public static WindowLayout of(int imageWidth, int imageHeight, int longSide, int patch) {
    int imageLongSide = Math.max(imageWidth, imageHeight);
    return new WindowLayout(
        imageWidth,
        imageHeight,
        side(imageWidth, longSide, imageLongSide, patch),
        side(imageHeight, longSide, imageLongSide, patch));
  }

  private static int side(int imageSide, int longSide, int imageLongSide, int patch) {
    long scaled = (long) imageSide * longSide / imageLongSide;
    return Math.max(1, (int) scaled / patch) * patch;
  }

  /**
   * Returns windows that cover the image row by row, the first flush with its top-left corner, the
   * last with its bottom-right one.
   */
  public List<Window> grid() {
    List<Window> windows = new ArrayList<>();
    for (int top : starts(imageHeight, windowHeight)) {
      for (int left : starts(imageWidth, windowWidth)) {
        windows.add(at(left, top));
      }
    }
    return windows;
  }

  private static int[] starts(int imageSide, int windowSide) {
    int last = imageSide - windowSide;
    double spacing = windowSide * (1 - OVERLAP);
    int count = 2 + (int) Math.floor((last - 1) / spacing);
    int[] starts = new int[count];
    for (int i = 1; i < count; i++) {
      starts[i] = (int) Math.rint(i * ((double) last / (count - 1)));
    }
    return starts;
  }

  /** Returns the window around a point, moved into the image where it would leave it. */
  Window around(double x, double y) {
    return at(start(x, imageWidth, windowWidth), start(y, imageHeight, windowHeight));
  }

  private static int start(double centre, int imageSide, int windowSide) {
    int start = (int) Math.floor(centre - 0.5 * windowSide);
    return Math.max(0, Math.min(imageSide - windowSide, start));
  }

  private Window at(int left, int top) {
    return new Window(left, top, left + windowWidth, top + windowHeight);
  }
}
