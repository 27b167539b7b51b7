package dev.mast3r.app;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.image.RgbImage;
import dev.mast3r.pose.FocalPrior;

/**
 * Intrinsics of an original image, and who says so.
 *
 * @param source as results carry it
 */
public record GivenIntrinsics(Intrinsics intrinsics, Source source) {

  /** Returns what the matches are told of the camera of a photo. */
  FocalPrior prior(RgbImage photo) {
    return new FocalPrior(intrinsics, Math.max(photo.width(), photo.height()), source.spread);
  }

  /** Returns intrinsics that the matches found from these. */
  GivenIntrinsics byMatches(Intrinsics found) {
    return new GivenIntrinsics(found, source.withMatches());
  }

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
    POINTMAP("pointmap", 0.15),
    /** Nothing is known: 1.2 times the long side, as COLMAP guesses. */
    GUESS("guess", 0.3),
    /** The pointmap's focal length, moved to where the matches fit one motion best. */
    POINTMAP_AND_MATCHES("pointmap+matches"),
    /** The guess, moved to where the matches fit one motion best. */
    GUESS_AND_MATCHES("guess+matches");

    private final String text;

    /** Standard deviation of the focal length's logarithm; 0 for what matches don't change. */
    private final double spread;

    Source(String text) {
      this(text, 0);
    }

    Source(String text, double spread) {
      this.text = text;
      this.spread = spread;
    }

    /** Returns the source after the matches were asked as well. */
    Source withMatches() {
      return switch (this) {
        case POINTMAP -> POINTMAP_AND_MATCHES;
        case GUESS -> GUESS_AND_MATCHES;
        default -> this;
      };
    }

    /** Returns the word that results carry. */
    public String text() {
      return text;
    }
  }
}
