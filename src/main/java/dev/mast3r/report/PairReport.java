package dev.mast3r.report;

import dev.mast3r.image.RgbImage;
import dev.mast3r.match.MatchSet;
import java.util.List;
import java.util.Optional;

/**
 * What the page of one pair tells.
 *
 * @param matches in pixels of the two photos
 * @param fit how far matches are from the pose, if there is one
 * @param tables in the order of the page
 */
public record PairReport(
    Photo a, Photo b, MatchSet matches, Optional<PoseFit> fit, List<FactTable> tables) {

  /**
   * One of the two photos.
   *
   * @param name what the page calls it
   */
  public record Photo(String name, RgbImage pixels) {}

  public PairReport {
    tables = List.copyOf(tables);
  }
}
