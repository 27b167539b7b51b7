package dev.mast3r.image;

import dev.mast3r.error.InputException;
import java.awt.image.Raster;

/**
 * The colour models of JPEG samples and their conversion to RGB, with libjpeg's rules for telling
 * them apart and its fixed-point arithmetic, so that the bytes are those of Pillow and OpenCV.
 */
enum JpegColours {
  GREY(1) {
    @Override
    byte[] convert(byte[] samples) {
      byte[] rgb = new byte[3 * samples.length];
      for (int i = 0; i < samples.length; i++) {
        rgb[3 * i] = samples[i];
        rgb[3 * i + 1] = samples[i];
        rgb[3 * i + 2] = samples[i];
      }
      return rgb;
    }
  },
  RGB(3) {
    @Override
    byte[] convert(byte[] samples) {
      return samples;
    }
  },
  /** JFIF 1.02: luma and two chroma of full range. */
  YCBCR(3) {
    @Override
    byte[] convert(byte[] samples) {
      convertYcc(samples, 3);
      return samples;
    }
  },
  /** Stored inverted, as Adobe's programs do: 255 is no ink. */
  CMYK(4) {
    @Override
    byte[] convert(byte[] samples) {
      return multiplyByBlack(samples);
    }
  },
  /** Inverted CMYK whose three colours are stored as the YCbCr of their complement. */
  YCCK(4) {
    @Override
    byte[] convert(byte[] samples) {
      convertYcc(samples, 4);
      for (int i = 0; i < samples.length; i += 4) {
        samples[i] = (byte) ~samples[i];
        samples[i + 1] = (byte) ~samples[i + 1];
        samples[i + 2] = (byte) ~samples[i + 2];
      }
      return multiplyByBlack(samples);
    }
  };

  /** In place of the transform code of an Adobe segment that is not there. */
  static final int NO_ADOBE_MARKER = -1;

  private static final int FIXED_BITS = 16;

  private final int bands;

  JpegColours(int bands) {
    this.bands = bands;
  }

  /** Returns the model as libjpeg's default_decompress_parms decides it. */
  static JpegColours of(byte[] componentIds, boolean jfif, int adobeTransform) {
    return switch (componentIds.length) {
      case 1 -> GREY;
      case 3 -> {
        boolean named = componentIds[0] == 'R' && componentIds[1] == 'G' && componentIds[2] == 'B';
        boolean saysRgb = adobeTransform == NO_ADOBE_MARKER ? named : adobeTransform == 0;
        yield !jfif && saysRgb ? RGB : YCBCR;
      }
      case 4 -> adobeTransform == NO_ADOBE_MARKER || adobeTransform == 0 ? CMYK : YCCK;
      default ->
          throw new InputException(
              "unsupported JPEG image: expected 1, 3 or 4 components, found "
                  + componentIds.length);
    };
  }

  /** Converts decoded samples, which may be overwritten. */
  RgbImage toRgb(Raster raster) {
    if (raster.getNumBands() != bands) {
      throw new InputException(
          "damaged JPEG image: expected " + bands + " bands, found " + raster.getNumBands());
    }
    byte[] samples = RasterSamples.interleavedBytes(raster);
    return new RgbImage(raster.getWidth(), raster.getHeight(), convert(samples));
  }

  abstract byte[] convert(byte[] samples);

  private static void convertYcc(byte[] samples, int stride) {
    int[] redFromCr = new int[256];
    int[] greenFromCr = new int[256];
    int[] greenFromCb = new int[256];
    int[] blueFromCb = new int[256];
    int half = 1 << (FIXED_BITS - 1);
    for (int i = 0; i < 256; i++) {
      redFromCr[i] = (fixed(1.402) * (i - 128) + half) >> FIXED_BITS;
      blueFromCb[i] = (fixed(1.772) * (i - 128) + half) >> FIXED_BITS;
      greenFromCr[i] = -fixed(0.71414) * (i - 128);
      greenFromCb[i] = -fixed(0.34414) * (i - 128) + half;
    }
    for (int i = 0; i < samples.length; i += stride) {
      int luma = samples[i] & 0xff;
      int cb = samples[i + 1] & 0xff;
      int cr = samples[i + 2] & 0xff;
      samples[i] = clip(luma + redFromCr[cr]);
      samples[i + 1] = clip(luma + ((greenFromCb[cb] + greenFromCr[cr]) >> FIXED_BITS));
      samples[i + 2] = clip(luma + blueFromCb[cb]);
    }
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << FIXED_BITS) + 0.5);
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  private static byte[] multiplyByBlack(byte[] inverted) {
    byte[] rgb = new byte[inverted.length / 4 * 3];
    for (int from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
      int light = inverted[from + 3] & 0xff;
      for (int band = 0; band < 3; band++) {
        rgb[to + band] = ProcessColours.rgb(255 - (inverted[from + band] & 0xff), light);
      }
    }
    return rgb;
  }
}
