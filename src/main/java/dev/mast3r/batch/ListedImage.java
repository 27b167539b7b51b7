package dev.mast3r.batch;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.QuarterTurns;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One image of a listed pair.
 *
 * @param name as written in the list; what outputs call the image
 * @param path where the file is: {@code name} against the root of the list
 * @param intrinsics of the original image, if the list gives them
 * @param turns that SuperGlue's evaluation gives the image for it to stand upright; none in all
 *     other layouts. Intrinsics and true motion are those before the turns
 */
public record ListedImage(
    String name, Path path, Optional<Intrinsics> intrinsics, QuarterTurns turns) {}
