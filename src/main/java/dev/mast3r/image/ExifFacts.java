package dev.mast3r.image;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the EXIF block of an image says about its geometry. Damaged or absent tags count as not
 * there.
 */
final class ExifFacts {

  /** Diagonal of the 36 mm x 24 mm frame that 35-mm-equivalent focal lengths refer to. */
  private static final double FILM_DIAGONAL_MM = Math.hypot(36, 24);

  /** Focal lengths of real cameras in long sides of the image: fisheyes to long telescopes. */
  private static final double MIN_FOCAL_SIDES = 0.1;

  private static final double MAX_FOCAL_SIDES = 100;

  /** How far the aspect ratio may be off the recorded one before the image counts as cropped. */
  private static final double ASPECT_TOLERANCE = 0.02;

  private final Metadata metadata;

  private ExifFacts(Metadata metadata) {
    this.metadata = metadata;
  }

  /** Returns the facts of an image without an EXIF block. */
  static ExifFacts none() {
    return new ExifFacts(new Metadata());
  }

  /** Reads a block that begins with the TIFF header: the EXIF segment of a file, or a TIFF file. */
  static ExifFacts parse(byte[] tiff) {
    Metadata metadata = new Metadata();
    try {
      new ExifReader().extract(new ByteArrayReader(tiff), metadata);
    } catch (RuntimeException e) {
      // the parser trips over some damaged blocks; the pixels are good without them
      return none();
    }
    return new ExifFacts(metadata);
  }

  Orientation orientation() {
    Optional<Double> tag =
        number(ExifIFD0Directory.class, ExifIFD0Directory.TAG_ORIENTATION).filter(v -> v <= 8);
    return Orientation.ofTag(tag.map(Double::intValue).orElse(1));
  }

  /**
   * Returns the focal length in pixels of an image of {@code width x height} pixels; pixels are
   * taken to be square, so its orientation does not matter.
   *
   * <p>The 35-mm-equivalent length f35 goes first: {@code f35 diagonal / 43.27 mm} with the
   * diagonal of the image in pixels (CIPA DC-008 defines it by the diagonal angle of view). Else
   * the focal length in mm times the focal-plane resolution; the latter counts the pixels that the
   * camera stored, so it is scaled by what the image was resized since. An image whose aspect ratio
   * is not the recorded one was cropped, and what is outside 0.1 to 100 long sides is a wrong tag:
   * neither has a focal length.
   */
  Optional<Double> focalPx(int width, int height) {
    OptionalDouble resized = scaleSinceCapture(width, height);
    if (resized.isEmpty()) {
      return Optional.empty();
    }
    return number(ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_35MM_FILM_EQUIV_FOCAL_LENGTH)
        .map(f35 -> f35 * Math.hypot(width, height) / FILM_DIAGONAL_MM)
        .or(() -> focalFromSensor().map(focal -> focal * resized.getAsDouble()))
        .filter(focal -> focal >= MIN_FOCAL_SIDES * Math.max(width, height))
        .filter(focal -> focal <= MAX_FOCAL_SIDES * Math.max(width, height));
  }

  /** Empty if the image was cropped, 1 if the camera did not record its size. */
  private OptionalDouble scaleSinceCapture(int width, int height) {
    Optional<Double> storedWidth =
        number(ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_EXIF_IMAGE_WIDTH);
    Optional<Double> storedHeight =
        number(ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_EXIF_IMAGE_HEIGHT);
    if (storedWidth.isEmpty() || storedHeight.isEmpty()) {
      return OptionalDouble.of(1);
    }
    // some programs turn the pixels and leave the recorded size: compare long with long
    double storedLong = Math.max(storedWidth.get(), storedHeight.get());
    double storedShort = Math.min(storedWidth.get(), storedHeight.get());
    double longScale = Math.max(width, height) / storedLong;
    double shortScale = Math.min(width, height) / storedShort;
    return Math.abs(longScale / shortScale - 1) <= ASPECT_TOLERANCE
        ? OptionalDouble.of(longScale)
        : OptionalDouble.empty();
  }

  private Optional<Double> focalFromSensor() {
    Optional<Double> focalMm =
        number(ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_FOCAL_LENGTH);
    Optional<Double> pixelsPerUnit =
        number(ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_FOCAL_PLANE_X_RESOLUTION);
    Optional<Double> unit =
        number(ExifSubIFDDirectory.class, ExifSubIFDDirectory.TAG_FOCAL_PLANE_RESOLUTION_UNIT);
    OptionalDouble unitMm = unitMm(unit.map(Double::intValue).orElse(2));
    if (focalMm.isEmpty() || pixelsPerUnit.isEmpty() || unitMm.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(focalMm.get() * pixelsPerUnit.get() / unitMm.getAsDouble());
  }

  /** Exif 2.32 knows inch (the default) and centimetre; mm and micrometre are common additions. */
  private static OptionalDouble unitMm(int unit) {
    return switch (unit) {
      case 2 -> OptionalDouble.of(25.4);
      case 3 -> OptionalDouble.of(10);
      case 4 -> OptionalDouble.of(1);
      case 5 -> OptionalDouble.of(0.001);
      default -> OptionalDouble.empty();
    };
  }

  /** Returns a positive finite number; zero stands for unknown in all these tags. */
  private Optional<Double> number(Class<? extends Directory> type, int tag) {
    return Optional.ofNullable(metadata.getFirstDirectoryOfType(type))
        .map(directory -> directory.getDoubleObject(tag))
        .filter(value -> value > 0 && Double.isFinite(value));
  }
}
