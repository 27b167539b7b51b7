package dev.mast3r.batch;

import dev.mast3r.geometry.Intrinsics;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One image of a listed pair.
 *
 * @param name as written in the list; what outputs call the image
 * @param path where the file is: {@code name} against the root of the list
 * @param intrinsics of the original image, if the list gives them
 * @param quarterTurns by how many quarter turns, counter-clockwise, SuperGlue's evaluation turns
 *     the image to stand upright, 0 to 3; 0 in all other layouts
 */
public record ListedImage(
    String name, Path path, Optional<Intrinsics> intrinsics, int quarterTurns) {

  public ListedImage {
    if (quarterTurns < 0 || quarterTurns > 3) {
      throw new IllegalArgumentException("quarter turns must be 0 to 3, found " + quarterTurns);
    }
  }
}
