package dev.mast3r.app;

import dev.mast3r.geometry.Intrinsics;

/**
 * Intrinsics of an original image, and who says so.
 *
 * @param source as results carry it
 */
public record GivenIntrinsics(Intrinsics intrinsics, Source source) {

  /** Where intrinsics came from, the most trusted first. */
  public enum Source {
    /** The command line. */
    OPTION("option"),
    /** A column of the pair list. */
    LIST("list"),
    /** The focal length in the photo's EXIF data; principal point in the middle. */
    EXIF("exif"),
    /**
     * The focal length under which the network's points project best; principal point in the
     * middle.
     */
    POINTMAP("pointmap"),
    /** Nothing is known: 1.2 times the long side, as COLMAP guesses. */
    GUESS("guess");

    private final String text;

    Source(String text) {
      this.text = text;
    }

    /** Returns the word that results carry. */
    public String text() {
      return text;
    }
  }
}
