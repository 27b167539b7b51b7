package dev.mast3r.image;

/**
 * How much an image file may ask for; what is larger is refused before memory is set aside for it.
 *
 * @param maxPixels width times height; at most 715 million, which three bytes each make a Java
 *     array
 * @param maxFileBytes length of the file; at most 2 GiB less 8 bytes
 */
public record ImageLimits(long maxPixels, long maxFileBytes) {

  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  public ImageLimits {
    if (maxPixels < 1 || maxPixels > LARGEST_ARRAY / 3) {
      throw new IllegalArgumentException(
          "pixel limit must be 1 to " + LARGEST_ARRAY / 3 + ", found " + maxPixels);
    }
    if (maxFileBytes < 1 || maxFileBytes > LARGEST_ARRAY) {
      throw new IllegalArgumentException(
          "file limit must be 1 to " + LARGEST_ARRAY + " bytes, found " + maxFileBytes);
    }
  }

  /** Returns 200 million pixels and 1 GiB: room for a 150-megapixel photo, and for it as a TIFF. */
  public static ImageLimits defaults() {
    return new ImageLimits(200_000_000, 1L << 30);
  }
}
