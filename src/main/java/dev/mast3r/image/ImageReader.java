package dev.mast3r.image;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.mast3r.error.InputException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;

/**
 * Reads photos: JPEG (also grey, CMYK, progressive), PNG, WebP, TIFF and BMP of 8 or 16 bits a
 * sample.
 *
 * <p>The pixels are upright (EXIF orientation), 8-bit RGB as stored: colour profiles and gamma are
 * not applied, alpha is dropped, of 16-bit samples the high byte is kept (Pillow scales 16-bit RGB
 * so, but clips 16-bit grey at 255, which leaves nothing of a photo). Of several pages the first is
 * read. Truncated or damaged files are an error, never grey areas.
 *
 * <p>WebP needs {@link OpenCvLibrary#load} to have run; the other formats need no native library.
 */
public final class ImageReader {

  private ImageReader() {}

  /**
   * Reads one file.
   *
   * @param file the image; what it is is told from its first bytes, not from its name
   * @throws InputException if it is missing, no image of these formats, damaged, or beyond the
   *     limits; the line begins with the file's name
   */
  public static Photo read(Path file, ImageLimits limits) {
    try {
      return decode(bytesOf(file, limits), limits);
    } catch (InputException e) {
      throw new InputException(file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + reason(e), e);
    }
  }

  private static byte[] bytesOf(Path file, ImageLimits limits) throws IOException {
    if (Files.isDirectory(file)) {
      throw new InputException("expected an image, found a folder");
    }
    if (Files.exists(file) && !Files.isReadable(file)) {
      throw new InputException("cannot be read: permission denied");
    }
    try (InputStream input = Files.newInputStream(file)) {
      long size = Files.size(file);
      byte[] bytes = new byte[0];
      if (size <= limits.maxFileBytes()) {
        // pipes have no size, and a file may grow: the limit holds for what is read
        bytes = input.readNBytes((int) limits.maxFileBytes());
      }
      if (size > limits.maxFileBytes() || input.read() >= 0) {
        throw new InputException(
            "more than the limit of " + limits.maxFileBytes() + " bytes for an image file");
      }
      return bytes;
    } catch (OutOfMemoryError e) {
      throw new InputException("not enough memory to read the file", e);
    }
  }

  /** Messages from here on do not name the file. */
  private static Photo decode(byte[] file, ImageLimits limits) {
    ImageFormat format =
        ImageFormat.of(file)
            .orElseThrow(
                () ->
                    new InputException(
                        "expected a JPEG, PNG, WebP, TIFF or BMP image, found "
                            + ImageFormat.describeUnknown(file)));
    try {
      return decode(file, format, limits);
    } catch (IOException e) {
      throw new InputException("damaged " + format.label() + " image: " + reason(e), e);
    } catch (InputException e) {
      throw e;
    } catch (RuntimeException e) {
      // the decoders answer damaged data with index, cast and argument errors of every kind, whose
      // messages tell a user nothing
      throw new InputException("damaged " + format.label() + " image", e);
    } catch (OutOfMemoryError e) {
      throw new InputException("not enough memory to decode the " + format.label() + " image", e);
    }
  }

  private static Photo decode(byte[] file, ImageFormat format, ImageLimits limits)
      throws IOException {
    return switch (format) {
      case JPEG -> {
        JpegFile jpeg = JpegFile.parse(file);
        checkSize(jpeg.width(), jpeg.height(), limits);
        yield photo(jpeg.decode(readerOfJdk("jpeg")), jpeg.exif());
      }
      case PNG -> {
        PngFile png = new PngFile(file);
        checkSize(png.width(), png.height(), limits);
        Optional<byte[]> exif = png.checkedExif();
        yield photo(pixels(file, readerOfJdk("png"), limits), exif);
      }
      case WEBP -> {
        WebpFile webp = new WebpFile(file);
        checkSize(webp.width(), webp.height(), limits);
        yield photo(
            webp.isAnimated()
                ? pixels(file, new WebPImageReaderSpi().createReaderInstance(), limits)
                : webp.decode(),
            webp.exif());
      }
      case TIFF ->
          photo(
              pixels(file, new TIFFImageReaderSpi().createReaderInstance(), limits),
              Optional.of(file));
      case BMP -> {
        BmpFile.check(file);
        yield photo(pixels(file, readerOfJdk("bmp"), limits), Optional.empty());
      }
    };
  }

  /** Takes the JDK's own reader whatever plug-ins are installed, for the same pixels everywhere. */
  private static javax.imageio.ImageReader readerOfJdk(String format) {
    Iterator<javax.imageio.ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      javax.imageio.ImageReader reader = readers.next();
      if (reader.getClass().getModule() == BufferedImage.class.getModule()) {
        return reader;
      }
    }
    throw new IllegalStateException("this Java has no reader for " + format);
  }

  private static RgbImage pixels(byte[] file, javax.imageio.ImageReader reader, ImageLimits limits)
      throws IOException {
    try (WholeFileInput input = new WholeFileInput(file)) {
      reader.setInput(input, true, true);
      checkSize(reader.getWidth(0), reader.getHeight(0), limits);
      ImageTypeSpecifier stored = reader.getRawImageType(0);
      if (stored != null
          && stored.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK
          && reader.canReadRaster()) {
        // read() would apply the profile of the inks
        return RasterSamples.fromCmyk(reader.readRaster(0, null));
      }
      return RasterSamples.toRgb(reader.read(0));
    } finally {
      reader.dispose();
    }
  }

  private static void checkSize(int width, int height, ImageLimits limits) {
    if (width < 1 || height < 1) {
      throw new InputException("expected at least one pixel, found " + width + " x " + height);
    }
    if ((long) width * height > limits.maxPixels()) {
      throw new InputException(
          "an image of "
              + width
              + " x "
              + height
              + " is more than the limit of "
              + limits.maxPixels()
              + " pixels");
    }
  }

  private static Photo photo(RgbImage stored, Optional<byte[]> exif) {
    ExifFacts facts = exif.map(ExifFacts::parse).orElseGet(ExifFacts::none);
    return new Photo(
        facts.orientation().apply(stored), facts.focalPx(stored.width(), stored.height()));
  }

  /** One line, whatever the decoder wrote. */
  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof EOFException) {
      return "its data end too early";
    }
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().replaceAll("\\s+", " ");
  }
}
