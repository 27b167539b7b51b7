package dev.mast3r.app;

import dev.mast3r.error.UsageException;
import dev.mast3r.match.MatchSet;
import dev.mast3r.output.CsvMatches;
import dev.mast3r.output.H5Matches;
import dev.mast3r.output.JsonMatches;
import dev.mast3r.output.NpzMatches;
import dev.mast3r.output.PlyWriter;
import dev.mast3r.output.PointCloud;
import dev.mast3r.output.RawMaps;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** How correspondences are written. */
public enum MatchFormat {
  CSV,
  JSON,
  NPZ,
  /** HDF5 in hloc's layout. */
  H5,
  /** The matched points of image A in 3D. */
  PLY;

  /**
   * Returns the format that a file's name asks for.
   *
   * @throws UsageException if the extension is none of them
   */
  public static MatchFormat ofFile(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    for (MatchFormat format : values()) {
      if (name.endsWith(format.extension())) {
        return format;
      }
    }
    throw new UsageException(
        "option '-o': expected a name that ends in .csv, .json, .npz, .h5 or .ply, found '"
            + file
            + "'");
  }

  /** Returns the extension with its dot. */
  public String extension() {
    return "." + name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the format needs the network's 3D points. */
  public boolean needsPoints() {
    return this == PLY;
  }

  /**
   * Writes the correspondences; the stream is flushed and stays open.
   *
   * @param maps what the network said of the pair, if there was a network
   * @throws UsageException if the format needs points and there are none
   */
  void write(
      OutputStream out, String imageA, String imageB, MatchSet matches, Optional<RawMaps> maps)
      throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    switch (this) {
      case CSV -> CsvMatches.write(text, matches);
      case JSON -> JsonMatches.write(text, imageA, imageB, matches);
      case NPZ -> NpzMatches.write(out, matches);
      case H5 -> H5Matches.write(out, imageA, imageB, matches);
      case PLY ->
          PlyWriter.write(
              out,
              PointCloud.ofMatches(
                  maps.orElseThrow(
                      () -> new UsageException("option '-o': .ply needs the network's 3D points")),
                  matches));
    }
    text.flush();
    out.flush();
  }
}
