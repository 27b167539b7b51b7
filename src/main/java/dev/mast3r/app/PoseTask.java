package dev.mast3r.app;

import dev.mast3r.batch.ListedImage;
import dev.mast3r.batch.PairEntry;
import dev.mast3r.geometry.Intrinsics;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An image pair whose pose is asked for.
 *
 * @param a the first image
 * @param b the second image
 */
public record PoseTask(View a, View b) {

  /**
   * One image of the pair.
   *
   * @param name what results call it
   * @param photo where it is
   * @param intrinsics of the original image, if they are given
   */
  public record View(String name, PhotoFile photo, Optional<GivenIntrinsics> intrinsics) {

    private View ofUnknownCamera() {
      return new View(name, photo, Optional.empty());
    }
  }

  /** Returns the same images as if nobody told their intrinsics. */
  PoseTask ofUnknownCameras() {
    return new PoseTask(a.ofUnknownCamera(), b.ofUnknownCamera());
  }

  /**
   * Takes a pair of a list; intrinsics of the command line stand in for those that the list does
   * not give.
   */
  static PoseTask of(PairEntry entry, Optional<Intrinsics> optionA, Optional<Intrinsics> optionB) {
    return new PoseTask(view(entry.a(), optionA), view(entry.b(), optionB));
  }

  /** As {@link #of} for several pairs. */
  static List<PoseTask> of(
      List<PairEntry> entries, Optional<Intrinsics> optionA, Optional<Intrinsics> optionB) {
    return entries.stream().map(entry -> of(entry, optionA, optionB)).toList();
  }

  private static View view(ListedImage image, Optional<Intrinsics> option) {
    Optional<GivenIntrinsics> listed =
        image.intrinsics().map(k -> new GivenIntrinsics(k, GivenIntrinsics.Source.LIST));
    return new View(
        image.name(),
        new PhotoFile(image.path(), image.turns()),
        listed.or(() -> ofOption(option)));
  }

  /** Takes an image of the command line. */
  public static View view(Path image, Optional<Intrinsics> option) {
    return new View(image.toString(), PhotoFile.of(image), ofOption(option));
  }

  private static Optional<GivenIntrinsics> ofOption(Optional<Intrinsics> option) {
    return option.map(k -> new GivenIntrinsics(k, GivenIntrinsics.Source.OPTION));
  }
}
