package dev.mast3r.geometry;

/**
 * Turns of an image by 90 degrees counter-clockwise, as the rotation codes of SuperGlue's pair
 * lists and {@code numpy.rot90} count them, and what they do to pixels, intrinsics and camera
 * frame. Sizes are those of the image before the turns.
 *
 * @param count 0 to 3
 */
public record QuarterTurns(int count) {

  public static final QuarterTurns NONE = new QuarterTurns(0);

  public QuarterTurns {
    if (count < 0 || count > 3) {
      throw new IllegalArgumentException("quarter turns must be 0 to 3, found " + count);
    }
  }

  /** Returns the turns that undo these. */
  public QuarterTurns inverse() {
    return new QuarterTurns((4 - count) % 4);
  }

  /** Returns the width of an image of this size after the turns. */
  public int width(int width, int height) {
    return count % 2 == 0 ? width : height;
  }

  /** Returns the height of an image of this size after the turns. */
  public int height(int width, int height) {
    return count % 2 == 0 ? height : width;
  }

  /** Returns where a pixel of an image of this size is after the turns. */
  public Point2 apply(Point2 pixel, int width, int height) {
    return switch (count) {
      case 1 -> new Point2(pixel.y(), width - 1 - pixel.x());
      case 2 -> new Point2(width - 1 - pixel.x(), height - 1 - pixel.y());
      case 3 -> new Point2(height - 1 - pixel.y(), pixel.x());
      default -> pixel;
    };
  }

  /** Returns the rotation from the camera frame of the image to that of the turned image. */
  public Rotation3 rotation() {
    return switch (count) {
      case 1 -> Rotation3.of(new double[] {0, 1, 0, -1, 0, 0, 0, 0, 1});
      case 2 -> Rotation3.of(new double[] {-1, 0, 0, 0, -1, 0, 0, 0, 1});
      case 3 -> Rotation3.of(new double[] {0, -1, 0, 1, 0, 0, 0, 0, 1});
      default -> Rotation3.identity();
    };
  }

  /**
   * Returns a map between two sizes of an image as it is between the turned images.
   *
   * @param toFrom takes pixels of the image at the first size to pixels at the second
   * @param fromWidth the first size
   * @param toWidth the second size
   */
  public PixelTransform apply(
      PixelTransform toFrom, int fromWidth, int fromHeight, int toWidth, int toHeight) {
    Point2 first = turned(toFrom, new Point2(0, 0), fromWidth, fromHeight, toWidth, toHeight);
    Point2 second = turned(toFrom, new Point2(1, 1), fromWidth, fromHeight, toWidth, toHeight);
    return new PixelTransform(second.x() - first.x(), second.y() - first.y(), first.x(), first.y());
  }

  private Point2 turned(
      PixelTransform toFrom,
      Point2 pixel,
      int fromWidth,
      int fromHeight,
      int toWidth,
      int toHeight) {
    Point2 before =
        inverse().apply(pixel, width(fromWidth, fromHeight), height(fromWidth, fromHeight));
    return apply(toFrom.apply(before), toWidth, toHeight);
  }
}
