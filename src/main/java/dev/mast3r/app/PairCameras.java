package dev.mast3r.app;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.Photo;
import dev.mast3r.image.RgbImage;
import dev.mast3r.pose.FocalFromMatches;
import dev.mast3r.pose.FocalFromPointmap;
import dev.mast3r.pose.FocalPrior;
import dev.mast3r.pose.PoseOptions;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The intrinsics of a pair's two photos, by the best that is known of each.
 *
 * @param a of A's original pixels
 * @param b of B's original pixels
 */
record PairCameras(GivenIntrinsics a, GivenIntrinsics b) {

  /** COLMAP's guess of a focal length that nobody tells, in long sides of the image. */
  private static final double GUESSED_FOCAL_PER_LONG_SIDE = 1.2;

  /**
   * The focal lengths, in long sides of the image, that a pointmap is believed: 0.5 and 3.5 times
   * that of a 60 degree view, the bounds that sparse alignment has.
   */
  private static final double MIN_FOCAL_PER_LONG_SIDE = 0.5 / (2 * Math.tan(Math.toRadians(30)));

  private static final double MAX_FOCAL_PER_LONG_SIDE = 3.5 / (2 * Math.tan(Math.toRadians(30)));

  /** Takes what the task, the photos and the network's points tell. */
  static PairCameras told(PoseTask task, MatchedPair pair) {
    Optional<NetworkMaps> maps = pair.maps();
    return new PairCameras(
        told(
            task.a(),
            pair.a(),
            maps.flatMap(found -> found.raw().maps().a().points()),
            maps.map(found -> found.raw().originalFromNetworkA())),
        told(
            task.b(),
            pair.b(),
            maps.flatMap(NetworkMaps::pointmapBInB),
            maps.map(found -> found.raw().originalFromNetworkB())));
  }

  /**
   * Returns the same with the focal lengths that nobody told moved to where the matches fit a
   * motion best; unchanged if there are none of them or the matches agree no better than by chance.
   */
  PairCameras byMatches(MatchedPair pair, FocalFromMatches focals, PoseOptions options) {
    FocalPrior priorA = a.prior(pair.a().pixels());
    FocalPrior priorB = b.prior(pair.b().pixels());
    if (priorA.isKnown() && priorB.isKnown()) {
      return this;
    }
    return focals
        .estimate(pair.matches().distinct(), priorA, priorB, options)
        .map(found -> new PairCameras(a.byMatches(found.a()), b.byMatches(found.b())))
        .orElse(this);
  }

  private static GivenIntrinsics told(
      PoseTask.View view,
      Photo photo,
      Optional<Pointmap> inOwnFrame,
      Optional<PixelTransform> originalFromNetwork) {
    if (view.intrinsics().isPresent()) {
      return view.intrinsics().get();
    }
    RgbImage pixels = photo.pixels();
    if (photo.exifFocalPx().isPresent()) {
      return new GivenIntrinsics(
          Intrinsics.centred(photo.exifFocalPx().get(), pixels.width(), pixels.height()),
          GivenIntrinsics.Source.EXIF);
    }
    OptionalDouble networkFocal =
        inOwnFrame.map(FocalFromPointmap::focalPx).orElse(OptionalDouble.empty());
    if (networkFocal.isPresent() && isCredible(networkFocal.getAsDouble(), inOwnFrame.get())) {
      Pointmap map = inOwnFrame.get();
      Intrinsics inNetwork =
          Intrinsics.centred(networkFocal.getAsDouble(), map.width(), map.height());
      return new GivenIntrinsics(
          originalFromNetwork.orElseThrow().apply(inNetwork), GivenIntrinsics.Source.POINTMAP);
    }
    double guess = GUESSED_FOCAL_PER_LONG_SIDE * Math.max(pixels.width(), pixels.height());
    return new GivenIntrinsics(
        Intrinsics.centred(guess, pixels.width(), pixels.height()), GivenIntrinsics.Source.GUESS);
  }

  private static boolean isCredible(double focalPx, Pointmap map) {
    double perLongSide = focalPx / Math.max(map.width(), map.height());
    return perLongSide >= MIN_FOCAL_PER_LONG_SIDE && perLongSide <= MAX_FOCAL_PER_LONG_SIDE;
  }
}
