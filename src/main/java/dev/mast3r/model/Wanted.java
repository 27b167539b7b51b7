package dev.mast3r.model;

/**
 * What a caller needs of a pair; what is not wanted is not computed.
 *
 * @param points both pointmaps with their confidences
 * @param descriptors both descriptor maps with their confidences, if the model has any
 */
public record Wanted(boolean points, boolean descriptors) {

  public static final Wanted ALL = new Wanted(true, true);
  public static final Wanted POINTS = new Wanted(true, false);
  public static final Wanted DESCRIPTORS = new Wanted(false, true);

  /**
   * @throws IllegalArgumentException if nothing is wanted
   */
  public Wanted {
    if (!points && !descriptors) {
      throw new IllegalArgumentException("neither points nor descriptors are wanted");
    }
  }
}
