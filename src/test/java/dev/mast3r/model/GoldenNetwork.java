package dev.mast3r.model;

import dev.mast3r.image.RgbImage;
import dev.mast3r.testsupport.GoldenArrays;
import dev.mast3r.weights.WeightFile;
import java.nio.file.Path;
import java.util.List;

/** A tiny model with random weights, a pair of images and what a float64 reference makes of it. */
record GoldenNetwork(WeightFile weights, RgbImage imageA, RgbImage imageB, GoldenArrays expected) {

  static final EngineOptions OPTIONS = new EngineOptions(DeviceChoice.CPU, Precision.AUTO, 1);

  private static final Path ROOT = Path.of("testdata/golden/network-tiny");

  /** Reads {@code catmlp-dpt} (fp32) or {@code catmlp-linear} (fp16). */
  static GoldenNetwork read(String name) {
    Path folder = ROOT.resolve(name);
    GoldenArrays images = new GoldenArrays(folder.resolve("images.npz"));
    return new GoldenNetwork(
        WeightFile.open(folder),
        image(images, "image_a"),
        image(images, "image_b"),
        new GoldenArrays(folder.resolve("expected.npz")));
  }

  private static RgbImage image(GoldenArrays images, String name) {
    List<Integer> shape = images.shape(name);
    return new RgbImage(shape.get(1), shape.get(0), images.bytes(name));
  }
}
