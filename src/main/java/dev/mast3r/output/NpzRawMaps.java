package dev.mast3r.output;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.dense.PairMaps;
import dev.mast3r.dense.Pointmap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.InputException;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.RgbImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Raw maps as NumPy's {@code .npz}. For each view, {@code _a} and {@code _b}:
 *
 * <pre>
 * image                  uint8   [H, W, 3]  the image as the network saw it
 * original_from_network  float64 [2, 3]     its pixels to pixels of the original: sx 0 tx, 0 sy ty
 * pts3d                  float32 [H, W, 3]  points in camera A's frame
 * conf                   float32 [H, W]     their confidence
 * desc                   float32 [H, W, d]  descriptors of unit norm
 * desc_conf              float32 [H, W]     their confidence
 * </pre>
 *
 * <p>The last four are left out where the network did not give them, and may be missing in a file
 * that is read; float64 is read as well.
 */
public final class NpzRawMaps {

  private static final long MAX_BYTES = 4L << 30;
  private static final int MAX_SIDE = 16384;
  private static final int MAX_DIMENSION = 1024;

  private NpzRawMaps() {}

  public static void write(OutputStream out, RawMaps raw) throws IOException {
    try (NpzWriter npz = new NpzWriter(out)) {
      writeView(npz, "_a", raw.imageA(), raw.originalFromNetworkA(), raw.maps().a());
      writeView(npz, "_b", raw.imageB(), raw.originalFromNetworkB(), raw.maps().b());
    }
  }

  /**
   * Reads a file that {@link #write} or somebody else made.
   *
   * @throws InputException if the file is no such file, lacks an image or its transform, or its
   *     arrays do not fit each other
   */
  public static RawMaps read(Path file) {
    try (NpzReader npz = new NpzReader(file, MAX_BYTES)) {
      View a = new View(npz, file, "_a");
      View b = new View(npz, file, "_b");
      return new RawMaps(
          new PairMaps(a.maps(), b.maps()), a.image(), b.image(), a.transform(), b.transform());
    } catch (IOException e) {
      throw new InputException(file + ": cannot read: " + e.getMessage(), e);
    }
  }

  private static void writeView(
      NpzWriter npz, String suffix, RgbImage image, PixelTransform transform, ViewMaps maps)
      throws IOException {
    int h = image.height();
    int w = image.width();
    npz.write("image" + suffix, NpyArray.uint8(image.toArray(), h, w, 3));
    double[] affine = {
      transform.scaleX(), 0, transform.offsetX(), 0, transform.scaleY(), transform.offsetY()
    };
    npz.write("original_from_network" + suffix, NpyArray.float64(affine, 2, 3));
    if (maps.points().isPresent()) {
      npz.write("pts3d" + suffix, NpyArray.float32(maps.points().get().toArray(), h, w, 3));
    }
    if (maps.pointConfidence().isPresent()) {
      npz.write("conf" + suffix, NpyArray.float32(maps.pointConfidence().get().toArray(), h, w));
    }
    if (maps.descriptors().isPresent()) {
      DescriptorMap descriptors = maps.descriptors().get();
      npz.write(
          "desc" + suffix, NpyArray.float32(descriptors.toArray(), h, w, descriptors.dimension()));
    }
    if (maps.descriptorConfidence().isPresent()) {
      npz.write(
          "desc_conf" + suffix,
          NpyArray.float32(maps.descriptorConfidence().get().toArray(), h, w));
    }
  }

  /** One view of a file that is being read; every array is checked against the image's size. */
  private static final class View {

    private final NpzReader npz;
    private final Path file;
    private final String suffix;
    private final int height;
    private final int width;

    View(NpzReader npz, Path file, String suffix) {
      this.npz = npz;
      this.file = file;
      this.suffix = suffix;
      NpyHeader image = npz.header("image" + suffix);
      List<Integer> shape = image.shape();
      if (image.type() != NpyType.UINT8
          || shape.size() != 3
          || !withinLimits(shape.get(0))
          || !withinLimits(shape.get(1))
          || shape.get(2) != 3) {
        throw malformed("image", "uint8 of shape (H, W, 3)", image);
      }
      this.height = shape.get(0);
      this.width = shape.get(1);
    }

    RgbImage image() {
      return new RgbImage(width, height, npz.read("image" + suffix).toBytes());
    }

    PixelTransform transform() {
      NpyHeader header = npz.header("original_from_network" + suffix);
      if (!header.shape().equals(List.of(2, 3))) {
        throw malformed("original_from_network", "shape (2, 3)", header);
      }
      double[] m = npz.read("original_from_network" + suffix).toDoubles();
      if (m[1] != 0 || m[3] != 0 || !(m[0] > 0) || !(m[4] > 0) || !isFinite(m)) {
        throw new InputException(
            file
                + ": original_from_network"
                + suffix
                + ": expected sx 0 tx, 0 sy ty with positive scales, found other numbers");
      }
      return new PixelTransform(m[0], m[4], m[2], m[5]);
    }

    ViewMaps maps() {
      return new ViewMaps(
          read("pts3d", 3).map(v -> new Pointmap(width, height, v)),
          read("conf", 0).map(v -> new ConfidenceMap(width, height, v)),
          descriptors(),
          read("desc_conf", 0).map(v -> new ConfidenceMap(width, height, v)));
    }

    private Optional<DescriptorMap> descriptors() {
      if (!npz.names().contains("desc" + suffix)) {
        return Optional.empty();
      }
      NpyHeader header = npz.header("desc" + suffix);
      int dimension = header.shape().size() == 3 ? header.shape().get(2) : 0;
      if (dimension < 1 || dimension > MAX_DIMENSION) {
        throw malformed("desc", "shape (" + height + ", " + width + ", d)", header);
      }
      return read("desc", dimension)
          .map(values -> new DescriptorMap(width, height, dimension, values));
    }

    private Optional<float[]> read(String name, int channels) {
      if (!npz.names().contains(name + suffix)) {
        return Optional.empty();
      }
      NpyHeader header = npz.header(name + suffix);
      List<Integer> expected =
          channels == 0 ? List.of(height, width) : List.of(height, width, channels);
      if (!header.shape().equals(expected) || header.type() == NpyType.UINT8) {
        throw malformed(
            name, "floats of shape " + new NpyHeader(header.type(), expected).shapeText(), header);
      }
      return Optional.of(npz.read(name + suffix).toFloats());
    }

    private InputException malformed(String name, String expected, NpyHeader found) {
      return new InputException(
          file
              + ": "
              + name
              + suffix
              + ": expected "
              + expected
              + ", found "
              + found.type().name().toLowerCase(Locale.ROOT)
              + " of shape "
              + found.shapeText());
    }

    private static boolean withinLimits(int side) {
      return side >= 1 && side <= MAX_SIDE;
    }

    private static boolean isFinite(double[] values) {
      for (double value : values) {
        if (!Double.isFinite(value)) {
          return false;
        }
      }
      return true;
    }
  }
}
