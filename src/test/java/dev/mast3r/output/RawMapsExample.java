package dev.mast3r.output;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.dense.PairMaps;
import dev.mast3r.dense.Pointmap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.RgbImage;
import java.util.Optional;

/** Small raw maps of which every number is different; views A and B differ in size. */
final class RawMapsExample {

  static final int WIDTH_A = 4;
  static final int HEIGHT_A = 3;

  private RawMapsExample() {}

  static RawMaps full() {
    return new RawMaps(
        new PairMaps(view(WIDTH_A, HEIGHT_A, 0), view(2, 5, 1000)),
        image(WIDTH_A, HEIGHT_A, 0),
        image(2, 5, 100),
        new PixelTransform(2, 2.5, 0.5, 0.75),
        new PixelTransform(3, 3, 1, -1));
  }

  static RawMaps withoutPoints() {
    RawMaps full = full();
    ViewMaps a = full.maps().a();
    ViewMaps b = full.maps().b();
    return new RawMaps(
        new PairMaps(descriptorsOf(a), descriptorsOf(b)),
        full.imageA(),
        full.imageB(),
        full.originalFromNetworkA(),
        full.originalFromNetworkB());
  }

  private static ViewMaps descriptorsOf(ViewMaps maps) {
    return new ViewMaps(
        Optional.empty(), Optional.empty(), maps.descriptors(), maps.descriptorConfidence());
  }

  private static ViewMaps view(int width, int height, int first) {
    int pixels = width * height;
    return new ViewMaps(
        Optional.of(new Pointmap(width, height, count(3 * pixels, first))),
        Optional.of(new ConfidenceMap(width, height, count(pixels, first + 1))),
        Optional.of(new DescriptorMap(width, height, 4, count(4 * pixels, first + 0.5f))),
        Optional.of(new ConfidenceMap(width, height, count(pixels, first + 0.25f))));
  }

  private static float[] count(int length, float first) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = first + i;
    }
    return values;
  }

  private static RgbImage image(int width, int height, int first) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (first + 5 * i);
    }
    return new RgbImage(width, height, rgb);
  }
}
