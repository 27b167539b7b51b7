package dev.mast3r.image;

import dev.mast3r.error.InputException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Decoded samples to 8-bit RGB, as stored: no gamma, no profile, alpha dropped. Of 16-bit samples
 * the high byte is kept; other depths are scaled to 0 to 255.
 */
final class RasterSamples {

  private RasterSamples() {}

  /** Converts grey, RGB, palette and CMYK images, with or without alpha. */
  static RgbImage toRgb(BufferedImage image) {
    Raster raster = image.getRaster();
    int type = raster.getSampleModel().getDataType();
    ColorModel colours = image.getColorModel();
    boolean packed = raster.getNumDataElements() < raster.getNumBands();
    if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT && !packed) {
      throw new InputException("unsupported image: expected 8- or 16-bit unsigned samples");
    }
    if (colours instanceof IndexColorModel palette) {
      return fromPalette(raster, palette);
    }
    int space = colours.getColorSpace().getType();
    if (space == ColorSpace.TYPE_CMYK) {
      return fromCmyk(raster);
    }
    if (space != ColorSpace.TYPE_GRAY && space != ColorSpace.TYPE_RGB) {
      throw new InputException("unsupported image: expected grey, RGB or CMYK colours");
    }
    byte[] samples = interleavedBytes(raster);
    int bands = raster.getNumBands();
    if (bands == 3) {
      return new RgbImage(raster.getWidth(), raster.getHeight(), samples);
    }
    int green = bands < 3 ? 0 : 1;
    int blue = bands < 3 ? 0 : 2;
    byte[] rgb = new byte[samples.length / bands * 3];
    for (int from = 0, to = 0; to < rgb.length; from += bands, to += 3) {
      rgb[to] = samples[from];
      rgb[to + 1] = samples[from + green];
      rgb[to + 2] = samples[from + blue];
    }
    return new RgbImage(raster.getWidth(), raster.getHeight(), rgb);
  }

  private static RgbImage fromPalette(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int[] argb = new int[1 << palette.getPixelSize()];
    palette.getRGBs(argb);
    byte[] rgb = new byte[3 * width * height];
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        int colour = argb[index];
        rgb[to++] = (byte) (colour >> 16);
        rgb[to++] = (byte) (colour >> 8);
        rgb[to++] = (byte) colour;
      }
    }
    return new RgbImage(width, height, rgb);
  }

  /** Takes amounts of ink: 255 is full. */
  static RgbImage fromCmyk(Raster raster) {
    byte[] samples = interleavedBytes(raster);
    int bands = raster.getNumBands();
    byte[] rgb = new byte[samples.length / bands * 3];
    for (int from = 0, to = 0; to < rgb.length; from += bands, to += 3) {
      int light = 255 - (samples[from + 3] & 0xff);
      for (int band = 0; band < 3; band++) {
        rgb[to + band] = ProcessColours.rgb(samples[from + band] & 0xff, light);
      }
    }
    return new RgbImage(raster.getWidth(), raster.getHeight(), rgb);
  }

  /** Returns the samples of all bands, pixel by pixel; the raster's own array where it is so. */
  static byte[] interleavedBytes(Raster raster) {
    long length = (long) raster.getWidth() * raster.getHeight() * raster.getNumBands();
    if (length > Integer.MAX_VALUE - 8) {
      throw new InputException("too large an image: its samples do not fit one array");
    }
    boolean whole =
        raster.getSampleModelTranslateX() == 0 && raster.getSampleModelTranslateY() == 0;
    if (whole
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel layout
        && raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getOffset() == 0) {
      return fromBytes(raster, layout, buffer.getData());
    }
    return fromAnyLayout(raster, new byte[(int) length]);
  }

  private static byte[] fromBytes(Raster raster, PixelInterleavedSampleModel layout, byte[] data) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int[] bandOffsets = layout.getBandOffsets();
    int samples = width * raster.getHeight() * bands;
    boolean inOrder =
        layout.getPixelStride() == bands && layout.getScanlineStride() == width * bands;
    for (int band = 0; band < bands; band++) {
      inOrder &= bandOffsets[band] == band;
    }
    if (inOrder && data.length == samples) {
      return data;
    }
    byte[] result = new byte[samples];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      int from = y * layout.getScanlineStride();
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < bands; band++) {
          result[to++] = data[from + bandOffsets[band]];
        }
        from += layout.getPixelStride();
      }
    }
    return result;
  }

  private static byte[] fromAnyLayout(Raster raster, byte[] result) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int[] bits = raster.getSampleModel().getSampleSize();
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i++) {
        result[to++] = toEightBits(row[i], bits[i % bands]);
      }
    }
    return result;
  }

  /** Truncates, as Pillow does for the 5-bit samples of bitmaps; its 16-bit grey clips instead. */
  private static byte toEightBits(int sample, int bits) {
    return (byte) (bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1));
  }
}
