package dev.mast3r.image;

/** What becomes of an image that is square after resizing. */
public enum SquareRule {
  /** It stays square. */
  KEEP,
  /** It is cropped to 4:3, as the published loader does unless told otherwise. */
  CROP_TO_4_3
}
