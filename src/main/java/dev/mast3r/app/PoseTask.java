package dev.mast3r.app;

import dev.mast3r.batch.ListedImage;
import dev.mast3r.batch.PairEntry;
import dev.mast3r.error.InputException;
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
   * @param path where it is
   * @param intrinsics of the original image, if they are given
   */
  public record View(String name, Path path, Optional<GivenIntrinsics> intrinsics) {}

  /**
   * Takes a pair of a list; intrinsics of the command line stand in for those that the list does
   * not give.
   *
   * @throws InputException if the list asks for turned images
   */
  static PoseTask of(PairEntry entry, Optional<Intrinsics> optionA, Optional<Intrinsics> optionB) {
    return new PoseTask(view(entry.a(), optionA), view(entry.b(), optionB));
  }

  /** As {@link #of} for several pairs, without those that the list cannot ask for. */
  static List<PoseTask> soundOnes(
      List<PairEntry> entries, Optional<Intrinsics> optionA, Optional<Intrinsics> optionB) {
    return entries.stream()
        .filter(entry -> entry.a().quarterTurns() == 0 && entry.b().quarterTurns() == 0)
        .map(entry -> of(entry, optionA, optionB))
        .toList();
  }

  private static View view(ListedImage image, Optional<Intrinsics> option) {
    if (image.quarterTurns() != 0) {
      throw new InputException(
          image.name()
              + ": expected rotation code 0, found "
              + image.quarterTurns()
              + ": turned images are not supported");
    }
    Optional<GivenIntrinsics> listed =
        image.intrinsics().map(k -> new GivenIntrinsics(k, GivenIntrinsics.Source.LIST));
    return new View(image.name(), image.path(), listed.or(() -> ofOption(option)));
  }

  /** Takes an image of the command line. */
  public static View view(Path image, Optional<Intrinsics> option) {
    return new View(image.toString(), image, ofOption(option));
  }

  private static Optional<GivenIntrinsics> ofOption(Optional<Intrinsics> option) {
    return option.map(k -> new GivenIntrinsics(k, GivenIntrinsics.Source.OPTION));
  }
}
