package dev.mast3r.image;

import dev.mast3r.error.InputException;
import dev.mast3r.geometry.PixelTransform;

/**
 * How one image is resized and cropped for the network, and the way back for pixels: the only place
 * that knows of half pixels.
 *
 * <p>The original frame is the upright photo, the network frame the resized and cropped one; both
 * have (0,0) at the centre of the top-left pixel. Sizes, crop and filter are those of the loader
 * that the published models were trained with.
 */
public final class ResizePlan {

  private final int originalWidth;
  private final int originalHeight;
  private final int resizedWidth;
  private final int resizedHeight;
  private final PixelBox crop;

  private ResizePlan(
      int originalWidth, int originalHeight, int resizedWidth, int resizedHeight, PixelBox crop) {
    this.originalWidth = originalWidth;
    this.originalHeight = originalHeight;
    this.resizedWidth = resizedWidth;
    this.resizedHeight = resizedHeight;
    this.crop = crop;
  }

  /**
   * Plans an upright image of {@code width x height} pixels.
   *
   * @throws InputException if less than one patch is left of the short side; the line does not name
   *     the file
   */
  public static ResizePlan of(int width, int height, ResizeRule rule) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("no image has " + width + " x " + height + " pixels");
    }
    int longSide = Math.max(width, height);
    long target = targetLongSide(width, height, rule);
    long resizedWidth = scaled(width, target, longSide);
    long resizedHeight = scaled(height, target, longSide);
    long shortSide = Math.min(resizedWidth, resizedHeight);
    if (target > Integer.MAX_VALUE || shortSide < rule.patchSize()) {
      throw new InputException(
          "an image of "
              + width
              + " x "
              + height
              + " pixels is too narrow: expected at least "
              + rule.patchSize()
              + " pixels on the short side after resizing the long side to "
              + target
              + ", found "
              + shortSide);
    }
    int newWidth = (int) resizedWidth;
    int newHeight = (int) resizedHeight;
    return new ResizePlan(width, height, newWidth, newHeight, crop(newWidth, newHeight, rule));
  }

  /**
   * Plans to resize an upright image until its long side has {@code longSide} pixels, without a
   * crop. Of the short side at least one pixel stays.
   */
  public static ResizePlan toLongSide(int width, int height, int longSide) {
    if (width < 1 || height < 1 || longSide < 1) {
      throw new IllegalArgumentException(
          "no image of " + width + " x " + height + " pixels has a long side of " + longSide);
    }
    int before = Math.max(width, height);
    int newWidth = Math.max(1, (int) scaled(width, longSide, before));
    int newHeight = Math.max(1, (int) scaled(height, longSide, before));
    return new ResizePlan(
        width, height, newWidth, newHeight, new PixelBox(0, 0, newWidth, newHeight));
  }

  private static long targetLongSide(int width, int height, ResizeRule rule) {
    if (!rule.cropsToSquare()) {
      return rule.size();
    }
    double aspect = Math.max((double) width / height, (double) height / width);
    return (long) Math.rint(ResizeRule.SQUARE_CROP_SIZE * aspect);
  }

  /** Rounds half to even, as the published loader does. */
  private static long scaled(int side, long target, int longSide) {
    return (long) Math.rint((double) (side * target) / longSide);
  }

  private static PixelBox crop(int width, int height, ResizeRule rule) {
    int centreX = width / 2;
    int centreY = height / 2;
    if (rule.cropsToSquare()) {
      int half = Math.min(centreX, centreY);
      return around(centreX, centreY, half, half);
    }
    int patch = rule.patchSize();
    int halfWidth = 2 * centreX / patch * patch / 2;
    int halfHeight = 2 * centreY / patch * patch / 2;
    if (width == height && rule.squareRule() == SquareRule.CROP_TO_4_3) {
      // three quarters of a multiple of a patch need not be one; the published sizes lose nothing
      halfHeight = 3 * 2 * halfWidth / 4 / patch * patch / 2;
    }
    return around(centreX, centreY, halfWidth, halfHeight);
  }

  private static PixelBox around(int centreX, int centreY, int halfWidth, int halfHeight) {
    return new PixelBox(
        centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight);
  }

  /** Returns the width that the network sees, a multiple of the patch size. */
  public int networkWidth() {
    return crop.width();
  }

  /** Returns the height that the network sees, a multiple of the patch size. */
  public int networkHeight() {
    return crop.height();
  }

  /** Returns the map from network pixels to pixels of the original image. */
  public PixelTransform originalFromNetwork() {
    double scaleX = (double) originalWidth / resizedWidth;
    double scaleY = (double) originalHeight / resizedHeight;
    return new PixelTransform(
        scaleX, scaleY, (crop.left() + 0.5) * scaleX - 0.5, (crop.top() + 0.5) * scaleY - 0.5);
  }

  /**
   * Resizes and crops the image that this plan was made for.
   *
   * @throws IllegalArgumentException if the image has another size
   */
  public RgbImage apply(RgbImage original) {
    checkFits(original);
    return Resampler.resize(original, resizedWidth, resizedHeight, filter(), crop);
  }

  /**
   * Checks that an image is one that this plan was made for.
   *
   * @throws IllegalArgumentException if it has another size
   */
  public void checkFits(RgbImage original) {
    if (original.width() != originalWidth || original.height() != originalHeight) {
      throw new IllegalArgumentException(
          "planned for "
              + originalWidth
              + " x "
              + originalHeight
              + ", found "
              + original.width()
              + " x "
              + original.height());
    }
  }

  private ResampleFilter filter() {
    boolean shrinks =
        Math.max(originalWidth, originalHeight) > Math.max(resizedWidth, resizedHeight);
    return shrinks ? ResampleFilter.LANCZOS : ResampleFilter.BICUBIC;
  }

  /** Returns what {@link #apply} weighs the pixels of a row with, in its first pass. */
  public ResampleWeights across() {
    return new ResampleWeights(originalWidth, resizedWidth, crop.left(), crop.width(), filter());
  }

  /** Returns what {@link #apply} weighs the pixels of a column with, in its second pass. */
  public ResampleWeights down() {
    return new ResampleWeights(originalHeight, resizedHeight, crop.top(), crop.height(), filter());
  }
}
