package dev.mast3r.image;

/**
 * The eight values of the EXIF orientation tag, in the tag's order: what has to be done to the
 * stored pixels to see the scene upright (Exif 2.32, tag 0x0112).
 */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRROR_HORIZONTALLY(false, true, false),
  ROTATE_180(false, true, true),
  MIRROR_VERTICALLY(false, false, true),
  TRANSPOSE(true, false, false),
  ROTATE_90_CLOCKWISE(true, false, true),
  TRANSVERSE(true, true, true),
  ROTATE_90_COUNTERCLOCKWISE(true, true, false);

  /** Side of the square blocks that keep both the reads and the writes in cache. */
  private static final int BLOCK = 32;

  private final boolean swapsAxes;
  private final boolean flipsX;
  private final boolean flipsY;

  /** The flips are those of the stored axes, before they are swapped. */
  Orientation(boolean swapsAxes, boolean flipsX, boolean flipsY) {
    this.swapsAxes = swapsAxes;
    this.flipsX = flipsX;
    this.flipsY = flipsY;
  }

  /** Returns the orientation of a tag value; values that the standard does not know are upright. */
  static Orientation ofTag(int value) {
    return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
  }

  RgbImage apply(RgbImage stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    int width = stored.width();
    int height = stored.height();
    byte[] source = stored.bytes();
    byte[] target = new byte[source.length];
    int stepX = 3 * (flipsX ? -1 : 1) * (swapsAxes ? height : 1);
    int stepY = 3 * (flipsY ? -1 : 1) * (swapsAxes ? 1 : width);
    int origin = (flipsX ? -stepX * (width - 1) : 0) + (flipsY ? -stepY * (height - 1) : 0);
    for (int top = 0; top < height; top += BLOCK) {
      for (int left = 0; left < width; left += BLOCK) {
        int right = Math.min(width, left + BLOCK);
        for (int y = top; y < Math.min(height, top + BLOCK); y++) {
          int from = 3 * (y * width + left);
          int to = origin + stepY * y + stepX * left;
          for (int x = left; x < right; x++) {
            target[to] = source[from];
            target[to + 1] = source[from + 1];
            target[to + 2] = source[from + 2];
            from += 3;
            to += stepX;
          }
        }
      }
    }
    return swapsAxes ? new RgbImage(height, width, target) : new RgbImage(width, height, target);
  }
}
