package dev.mast3r.app;

import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.QuarterTurns;
import dev.mast3r.image.Photo;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import dev.mast3r.output.StageSeconds;
import java.util.Optional;

/**
 * An image pair and its correspondences.
 *
 * @param a the first image, original and upright
 * @param b the second image
 * @param matches in original pixels
 * @param maps what the network said of the pair; empty for a matcher without a network
 * @param seconds where the time went
 */
public record MatchedPair(
    Photo a, Photo b, MatchSet matches, Optional<NetworkMaps> maps, StageSeconds seconds) {

  /** Returns the pair as it was before its photos were turned. */
  MatchedPair turnedBack(QuarterTurns turnsOfA, QuarterTurns turnsOfB) {
    if (turnsOfA.equals(QuarterTurns.NONE) && turnsOfB.equals(QuarterTurns.NONE)) {
      return this;
    }
    QuarterTurns backA = turnsOfA.inverse();
    QuarterTurns backB = turnsOfB.inverse();
    MatchSet back =
        new MatchSet(
            matches.correspondences().stream().map(match -> turned(match, backA, backB)).toList());
    return new MatchedPair(
        a.turned(backA),
        b.turned(backB),
        back,
        maps.map(found -> found.turned(backA, backB, a.pixels(), b.pixels())),
        seconds);
  }

  private Correspondence turned(Correspondence match, QuarterTurns ofA, QuarterTurns ofB) {
    Point2 inA =
        ofA.apply(new Point2(match.xA(), match.yA()), a.pixels().width(), a.pixels().height());
    Point2 inB =
        ofB.apply(new Point2(match.xB(), match.yB()), b.pixels().width(), b.pixels().height());
    return new Correspondence(inA.x(), inA.y(), inB.x(), inB.y(), match.confidence());
  }
}
