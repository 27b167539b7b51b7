package dev.mast3r.app;

import dev.mast3r.batch.AtomicFile;
import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.ModelException;
import dev.mast3r.error.UsageException;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.ConvergenceBasins;
import dev.mast3r.match.FastReciprocalMatcher;
import dev.mast3r.match.MatchSet;
import dev.mast3r.match.NetworkFrame;
import dev.mast3r.output.RawMaps;
import dev.mast3r.report.BasinDrawing;
import dev.mast3r.report.MatchDrawing;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the correspondences of one pair go.
 *
 * @param file by its extension; empty: CSV to standard output
 * @param drawing a PNG of both images with the matches drawn
 * @param basins a PNG of A's convergence basins
 * @param report the interactive page
 */
public record MatchTarget(
    Optional<Path> file, Optional<Path> drawing, Optional<Path> basins, ReportTarget report) {

  /** More lines than this hide the photos. */
  private static final int DRAWN_MATCHES = 150;

  /** Returns the format that the file's name asks for. */
  public MatchFormat format() {
    return file.map(MatchFormat::ofFile).orElse(MatchFormat.CSV);
  }

  /**
   * Checks the files' names before any work is done.
   *
   * @throws UsageException if an extension is unknown or a folder does not exist
   */
  public void check() {
    format();
    file.ifPresent(path -> checkFolder("-o", path));
    drawing.ifPresent(path -> checkPicture("--viz", path));
    basins.ifPresent(path -> checkPicture("--basins", path));
    report.check();
  }

  private static void checkPicture(String option, Path path) {
    if (!path.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new UsageException(
          "option '" + option + "': expected a name that ends in .png, found '" + path + "'");
    }
    checkFolder(option, path);
  }

  static void checkFolder(String option, Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new UsageException(
          "option '" + option + "': expected an existing folder, found '" + folder + "'");
    }
  }

  /**
   * Writes the correspondences to the file, else to the stream.
   *
   * @param maps what the network said of the pair, if there was a network
   * @throws dev.mast3r.error.InputException if the file cannot be written
   */
  void write(
      String nameA,
      String nameB,
      MatchSet matches,
      Optional<RawMaps> maps,
      OutputStream standardOutput) {
    AtomicFile.Content content = out -> format().write(out, nameA, nameB, matches, maps);
    if (file.isPresent()) {
      AtomicFile.write(file.get(), content);
      return;
    }
    try {
      content.writeTo(standardOutput);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Draws the correspondences, if that is asked for.
   *
   * @param matches in pixels of {@code a} and {@code b}
   * @throws dev.mast3r.error.InputException if the file cannot be written
   */
  void draw(RgbImage a, RgbImage b, MatchSet matches) {
    drawing.ifPresent(
        png ->
            AtomicFile.write(
                png, out -> new MatchDrawing(a, b, matches).writePng(out, DRAWN_MATCHES)));
  }

  /**
   * Draws the convergence basins of all of A's pixels, if that is asked for.
   *
   * @param masks what takes part of the pair
   * @throws ModelException if the maps have no descriptors
   * @throws dev.mast3r.error.InputException if the file cannot be written
   */
  void drawBasins(RawMaps raw, PhotoMasks masks, FastReciprocalMatcher matcher) {
    basins.ifPresent(
        png -> {
          ConvergenceBasins found =
              matcher.basins(
                  descriptors(raw.maps().a()),
                  descriptors(raw.maps().b()),
                  1,
                  masks.maskOfA(frame(raw.imageA(), raw.originalFromNetworkA())),
                  masks.maskOfB(frame(raw.imageB(), raw.originalFromNetworkB())));
          AtomicFile.write(png, out -> new BasinDrawing(raw.imageA(), found).writePng(out));
        });
  }

  private static NetworkFrame frame(RgbImage image, PixelTransform originalFromNetwork) {
    return new NetworkFrame(image.width(), image.height(), originalFromNetwork);
  }

  private static DescriptorMap descriptors(ViewMaps maps) {
    return maps.descriptors()
        .orElseThrow(
            () -> new ModelException("the model gives no descriptors, which '--basins' needs"));
  }
}
