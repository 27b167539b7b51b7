package dev.mast3r.app;

import dev.mast3r.image.OpenCvLibrary;
import dev.mast3r.image.Photo;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import dev.mast3r.match.SpatialSelection;
import dev.mast3r.output.StageSeconds;
import dev.mast3r.sift.SiftMatcher;
import dev.mast3r.sift.SiftOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Matches by SIFT; needs no model and gives no points. */
final class SiftPairMatcher implements PairMatcher {

  private final SiftMatcher matcher = new SiftMatcher(SiftOptions.defaults());
  private final ImageCache<PhotoFile, Photo> photos;
  private final int maxMatches;
  private final PhotoMasks masks;

  /**
   * @param masks a match takes part if both of its ends do
   */
  SiftPairMatcher(
      Path openCvCache,
      int threads,
      ImageCache<PhotoFile, Photo> photos,
      int maxMatches,
      PhotoMasks masks) {
    OpenCvLibrary.load(openCvCache);
    OpenCvLibrary.setThreads(threads);
    this.photos = photos;
    this.maxMatches = maxMatches;
    this.masks = masks;
  }

  @Override
  public MatchedPair match(PhotoFile a, PhotoFile b, BiFunction<Photo, Photo, Points> points) {
    Stopwatch watch = new Stopwatch();
    Photo photoA = photos.get(a);
    Photo photoB = photos.get(b);
    masks.checkFit(photoA, photoB);
    double decode = watch.lap();
    List<Correspondence> matches =
        matcher.match(photoA.pixels(), photoB.pixels()).correspondences().stream()
            .filter(masks::allow)
            .toList();
    SpatialSelection selection =
        new SpatialSelection(
            photoA.pixels().width(),
            photoA.pixels().height(),
            photoB.pixels().width(),
            photoB.pixels().height(),
            maxMatches);
    MatchSet selected = new MatchSet(selection.select(matches));
    double match = watch.lap();
    photos.trim();
    StageSeconds seconds = new StageSeconds(0, decode, 0, 0, match, 0);
    return new MatchedPair(photoA, photoB, selected, Optional.empty(), seconds)
        .turnedBack(a.turns(), b.turns());
  }

  @Override
  public String model() {
    return "sift";
  }

  @Override
  public Optional<String> modelSha256() {
    return Optional.empty();
  }

  @Override
  public void close() {
    photos.close();
  }
}
