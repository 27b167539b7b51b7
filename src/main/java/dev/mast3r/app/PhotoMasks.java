package dev.mast3r.app;

import dev.mast3r.dense.ViewMaps;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.OpenCvLibrary;
import dev.mast3r.image.Photo;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.NetworkFrame;
import dev.mast3r.match.NetworkView;
import dev.mast3r.match.PixelMask;
import java.nio.file.Path;
import java.util.Optional;

/** What takes part in matching of the two photos of a pair; of a photo without a mask, all. */
public final class PhotoMasks {

  private final Optional<PhotoMask> a;
  private final Optional<PhotoMask> b;

  private PhotoMasks(Optional<PhotoMask> a, Optional<PhotoMask> b) {
    this.a = a;
    this.b = b;
  }

  public static PhotoMasks none() {
    return new PhotoMasks(Optional.empty(), Optional.empty());
  }

  /**
   * Reads the masks that are given: images of the size of the upright photos, black where a pixel
   * does not take part.
   *
   * @param environment tells where the library is kept that decodes WebP
   * @throws dev.mast3r.error.InputException if one cannot be read
   */
  public static PhotoMasks read(Optional<Path> a, Optional<Path> b, Environment environment) {
    if (a.isPresent() || b.isPresent()) {
      OpenCvLibrary.load(environment.cache());
    }
    return new PhotoMasks(a.map(PhotoMask::read), b.map(PhotoMask::read));
  }

  /**
   * Checks that the masks are of their photos' sizes.
   *
   * @throws dev.mast3r.error.InputException if one is not
   */
  void checkFit(Photo photoA, Photo photoB) {
    a.ifPresent(mask -> mask.checkFits(photoA.pixels()));
    b.ifPresent(mask -> mask.checkFits(photoB.pixels()));
  }

  /** Returns what takes part of maps of A. */
  NetworkView viewOfA(ViewMaps maps, PixelTransform originalFromMaps) {
    return view(a, maps, originalFromMaps);
  }

  /** Returns what takes part of maps of B. */
  NetworkView viewOfB(ViewMaps maps, PixelTransform originalFromMaps) {
    return view(b, maps, originalFromMaps);
  }

  private static NetworkView view(
      Optional<PhotoMask> mask, ViewMaps maps, PixelTransform originalFromMaps) {
    NetworkView whole = NetworkView.whole(maps, originalFromMaps);
    return new NetworkView(maps, originalFromMaps, inFrame(mask, whole.frame()));
  }

  /** Returns what takes part of the pixels of A that the network sees. */
  PixelMask maskOfA(NetworkFrame frame) {
    return inFrame(a, frame);
  }

  /** Returns what takes part of the pixels of B that the network sees. */
  PixelMask maskOfB(NetworkFrame frame) {
    return inFrame(b, frame);
  }

  private static PixelMask inFrame(Optional<PhotoMask> mask, NetworkFrame frame) {
    return mask.map(
            photo -> photo.inFrame(frame.width(), frame.height(), frame.originalFromNetwork()))
        .orElseGet(() -> PixelMask.all(frame.width(), frame.height()));
  }

  /** Returns whether both ends of a match, in original pixels, take part. */
  boolean allow(Correspondence match) {
    return a.map(mask -> mask.allows(match.xA(), match.yA())).orElse(true)
        && b.map(mask -> mask.allows(match.xB(), match.yB())).orElse(true);
  }
}
