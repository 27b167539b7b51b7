package dev.mast3r.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.dense.PairMaps;
import dev.mast3r.dense.Pointmap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.QuarterTurns;
import dev.mast3r.image.Photo;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import dev.mast3r.output.RawMaps;
import dev.mast3r.output.StageSeconds;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pair whose photos were turned to stand upright, seen from the photos as they lie. */
class MatchedPairTest {

  /** Of the photos as they lie; the network sees them at half the size. */
  private static final int WIDTH = 24;

  private static final int HEIGHT = 16;
  private static final Intrinsics LYING = new Intrinsics(20, 22, 10, 9);
  private static final PixelTransform ORIGINAL_FROM_NETWORK = new PixelTransform(2, 2, 0.5, 0.5);

  private static RgbImage image(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      rgb[3 * i] = (byte) (i % width);
      rgb[3 * i + 1] = (byte) Math.floorDiv(i, width);
    }
    return new RgbImage(width, height, rgb);
  }

  /** Depth and confidence tell the pixel of the photo as it lies. */
  private static double depth(int x, int y) {
    return 1 + x + 100 * y;
  }

  private static ViewMaps lyingMaps() {
    int width = WIDTH / 2;
    int height = HEIGHT / 2;
    float[] xyz = new float[3 * width * height];
    float[] values = new float[width * height];
    float[] descriptors = new float[2 * width * height];
    for (int i = 0; i < width * height; i++) {
      int x = i % width;
      int y = Math.floorDiv(i, width);
      Point2 original = ORIGINAL_FROM_NETWORK.apply(new Point2(x, y));
      Point3 point = LYING.ray(original).times(depth(x, y));
      xyz[3 * i] = (float) point.x();
      xyz[3 * i + 1] = (float) point.y();
      xyz[3 * i + 2] = (float) point.z();
      values[i] = (float) depth(x, y);
      descriptors[2 * i + 1] = (float) depth(x, y);
    }
    return new ViewMaps(
        Optional.of(new Pointmap(width, height, xyz)),
        Optional.of(new ConfidenceMap(width, height, values)),
        Optional.of(new DescriptorMap(width, height, 2, descriptors)),
        Optional.of(new ConfidenceMap(width, height, values)));
  }

  private static MatchedPair turnedPair(QuarterTurns ofA, QuarterTurns ofB) {
    RgbImage original = image(WIDTH, HEIGHT);
    RgbImage network = image(WIDTH / 2, HEIGHT / 2);
    RawMaps raw =
        new RawMaps(
            new PairMaps(
                lyingMaps().turned(ofA, ofA.rotation()), lyingMaps().turned(ofB, ofA.rotation())),
            network.turned(ofA),
            network.turned(ofB),
            ofA.apply(ORIGINAL_FROM_NETWORK, WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT),
            ofB.apply(ORIGINAL_FROM_NETWORK, WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT));
    Point2 inA = ofA.apply(new Point2(5, 3), WIDTH, HEIGHT);
    Point2 inB = ofB.apply(new Point2(20.25, 11), WIDTH, HEIGHT);
    return new MatchedPair(
        new Photo(original.turned(ofA), Optional.empty()),
        new Photo(original.turned(ofB), Optional.empty()),
        new MatchSet(List.of(new Correspondence(inA.x(), inA.y(), inB.x(), inB.y(), 1))),
        Optional.of(new NetworkMaps(raw, Optional.empty(), false)),
        StageSeconds.none());
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "3, 2", "0, 3"})
  void photosMatchesAndMapsAreTurnedBack(int turnsOfA, int turnsOfB) {
    QuarterTurns ofA = new QuarterTurns(turnsOfA);
    QuarterTurns ofB = new QuarterTurns(turnsOfB);

    MatchedPair back = turnedPair(ofA, ofB).turnedBack(ofA, ofB);

    assertEquals(new Correspondence(5, 3, 20.25, 11, 1), back.matches().correspondences().get(0));
    for (Photo photo : List.of(back.a(), back.b())) {
      assertEquals(WIDTH, photo.pixels().width());
      assertEquals(21, photo.pixels().get(21, 7, 0));
      assertEquals(7, photo.pixels().get(21, 7, 1));
    }
    RawMaps raw = back.maps().orElseThrow().raw();
    assertEquals(ORIGINAL_FROM_NETWORK, raw.originalFromNetworkA());
    assertEquals(ORIGINAL_FROM_NETWORK, raw.originalFromNetworkB());
    for (ViewMaps view : List.of(raw.maps().a(), raw.maps().b())) {
      Point3 point = view.points().orElseThrow().get(9, 6);
      assertEquals(depth(9, 6), point.z(), 1e-3);
      Point2 seen = LYING.project(point);
      assertEquals(18.5, seen.x(), 1e-4);
      assertEquals(12.5, seen.y(), 1e-4);
      assertEquals(depth(9, 6), view.pointConfidence().orElseThrow().get(9, 6), 1e-3);
      int index = 9 + 6 * (WIDTH / 2);
      assertEquals(depth(9, 6), view.descriptors().orElseThrow().get(index, 1), 1e-3);
    }
  }
}
