package dev.mast3r.refine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.geometry.Point2;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On photos of a plane whose brightness is known everywhere, so that right matches are known
 * exactly; the network's would lie on its own pixels, six of the photo's.
 */
class PhotoRefinementTest {

  private static final int WIDTH = 480;
  private static final int HEIGHT = 360;
  private static final PixelTransform ORIGINAL_FROM_NETWORK = new PixelTransform(6, 6, 2.5, 2.5);

  /** B from A: 20 degrees, a tenth larger, in perspective. */
  private static final double[] HOMOGRAPHY = {
    1.03, -0.376, 50, 0.376, 1.03, -70, 1.2e-4, -0.8e-4, 1
  };

  private static Point2 inB(double x, double y) {
    double[] h = HOMOGRAPHY;
    double w = h[6] * x + h[7] * y + h[8];
    return new Point2((h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w);
  }

  /** By a few steps of a fixed point, each of which takes off most of the error. */
  private static Point2 inA(double x, double y) {
    double atX = x;
    double atY = y;
    for (int i = 0; i < 60; i++) {
      Point2 there = inB(atX, atY);
      atX += 0.7 * (x - there.x()) + 0.25 * (y - there.y());
      atY += 0.7 * (y - there.y()) - 0.25 * (x - there.x());
    }
    return new Point2(atX, atY);
  }

  /** Brightness of the plane, 0 to 255, with waves of 8 to 60 pixels in all directions. */
  private static double plane(double x, double y) {
    Random random = new Random(11);
    double sum = 0;
    for (int wave = 0; wave < 40; wave++) {
      double length = 8 * Math.pow(7.5, random.nextDouble());
      double angle = 2 * Math.PI * random.nextDouble();
      double phase = 2 * Math.PI * random.nextDouble();
      double along = x * Math.cos(angle) + y * Math.sin(angle);
      sum += Math.cos(2 * Math.PI * along / length + phase);
    }
    return 128 + 20 * sum;
  }

  private static RgbImage photo(DoubleBinaryOperator brightness) {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int x = i % WIDTH;
      int y = i / WIDTH;
      double grey = brightness.applyAsDouble(x, y);
      for (int channel = 0; channel < 3; channel++) {
        rgb[3 * i + channel] = (byte) Math.max(0, Math.min(255, Math.round(grey)));
      }
    }
    return new RgbImage(WIDTH, HEIGHT, rgb);
  }

  private static final RgbImage A = photo(PhotoRefinementTest::plane);

  /** Darker and of less contrast. */
  private static final RgbImage B =
      photo(
          (x, y) -> {
            Point2 there = inA(x, y);
            return 20 + 0.7 * plane(there.x(), there.y());
          });

  private static double round(double network) {
    return ORIGINAL_FROM_NETWORK.applyX(Math.rint(ORIGINAL_FROM_NETWORK.inverse().applyX(network)));
  }

  /** From a grid of network pixels in A to the nearest network pixels in B; confidences differ. */
  private static MatchSet coarse() {
    List<Correspondence> matches = new ArrayList<>();
    for (int y = 0; y < HEIGHT / 6; y += 4) {
      for (int x = 0; x < WIDTH / 6; x += 4) {
        double xA = ORIGINAL_FROM_NETWORK.applyX(x);
        double yA = ORIGINAL_FROM_NETWORK.applyY(y);
        double xB = round(inB(xA, yA).x());
        double yB = round(inB(xA, yA).y());
        if (xB >= 0 && yB >= 0 && xB < WIDTH && yB < HEIGHT) {
          matches.add(new Correspondence(xA, yA, xB, yB, 1 + 0.001 * matches.size()));
        }
      }
    }
    return new MatchSet(matches);
  }

  private static MatchSet refined(MatchSet matches, RgbImage a, RgbImage b, int threads) {
    return new PhotoRefinement(threads)
        .refine(matches, a, b, ORIGINAL_FROM_NETWORK, ORIGINAL_FROM_NETWORK);
  }

  private static double error(Correspondence match) {
    Point2 right = inB(match.xA(), match.yA());
    return Math.hypot(match.xB() - right.x(), match.yB() - right.y());
  }

  private static double median(MatchSet matches) {
    double[] errors =
        matches.correspondences().stream()
            .mapToDouble(PhotoRefinementTest::error)
            .sorted()
            .toArray();
    return errors[errors.length / 2];
  }

  @Test
  void findsAKnownHomographyTenTimesAsWell() {
    MatchSet coarse = coarse();

    MatchSet refined = refined(coarse, A, B, 2);

    assertTrue(median(coarse) > 1.5, "coarse " + median(coarse));
    assertTrue(median(refined) < 0.1 * median(coarse), median(refined) + " px");
    assertEquals(coarse.size(), refined.size());
    for (int i = 0; i < coarse.size(); i++) {
      Correspondence before = coarse.correspondences().get(i);
      Correspondence after = refined.correspondences().get(i);
      assertEquals(before.xA(), after.xA());
      assertEquals(before.yA(), after.yA());
      assertEquals(before.confidence(), after.confidence());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void doesNotDependOnTheThreads(int threads) {
    assertEquals(refined(coarse(), A, B, 3), refined(coarse(), A, B, threads));
  }

  @Test
  void leavesMatchesOnFlatPatchesWhereTheyAre() {
    RgbImage flat = photo((x, y) -> 130);

    assertEquals(coarse(), refined(coarse(), flat, B, 2));
    assertEquals(coarse(), refined(coarse(), A, flat, 2));
  }

  @Test
  void leavesMatchesWhereThePhotosDoNotAgree() {
    Random random = new Random(5);
    RgbImage noise = photo((x, y) -> 256 * random.nextDouble());

    assertEquals(coarse(), refined(coarse(), A, noise, 2));
  }

  @Test
  void leavesMatchesWhosePatchesLeaveThePhoto() {
    int patchPx = 7;
    MatchSet refined = refined(coarse(), A, B, 2);
    int stayed = 0;
    for (int i = 0; i < refined.size(); i++) {
      Correspondence after = refined.correspondences().get(i);
      if (Math.min(after.xA(), after.yA()) < patchPx
          || after.xA() > WIDTH - 1 - patchPx
          || after.yA() > HEIGHT - 1 - patchPx) {
        assertEquals(coarse().correspondences().get(i), after);
        stayed++;
      }
      assertTrue(after.xB() >= 0 && after.yB() >= 0);
      assertTrue(after.xB() <= WIDTH - 1 && after.yB() <= HEIGHT - 1);
    }
    assertTrue(stayed > 10, stayed + " at the edge");
  }

  /** Others are not drawn along by it, and it is not drawn to them. */
  @Test
  void keepsAWrongMatchAmongRightOnes() {
    List<Correspondence> matches = new ArrayList<>(coarse().correspondences());
    int wrong = matches.size() / 2;
    Correspondence right = matches.get(wrong);
    matches.set(
        wrong,
        new Correspondence(
            right.xA(),
            right.yA(),
            WIDTH - 1 - right.xB(),
            HEIGHT - 1 - right.yB(),
            right.confidence()));

    MatchSet refined = refined(new MatchSet(matches), A, B, 2);

    assertTrue(error(refined.correspondences().get(wrong)) > 50);
    assertTrue(median(refined) < 0.2, median(refined) + " px");
  }

  /** B is seen at half the size, and the network's pixels are three of it. */
  @Test
  void refinesBetweenPhotosOfDifferentSizes() {
    byte[] rgb = new byte[3 * (WIDTH / 2) * (HEIGHT / 2)];
    for (int i = 0; i < rgb.length / 3; i++) {
      int x = 2 * (i % (WIDTH / 2));
      int y = 2 * (i / (WIDTH / 2));
      int sum = B.get(x, y, 0) + B.get(x + 1, y, 0) + B.get(x, y + 1, 0) + B.get(x + 1, y + 1, 0);
      rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = (byte) (sum / 4);
    }
    PixelTransform halfFromB = new PixelTransform(0.5, 0.5, -0.25, -0.25);
    List<Correspondence> matches =
        coarse().correspondences().stream()
            .map(
                match ->
                    new Correspondence(
                        match.xA(),
                        match.yA(),
                        halfFromB.applyX(match.xB()),
                        halfFromB.applyY(match.yB()),
                        match.confidence()))
            .toList();

    MatchSet refined =
        new PhotoRefinement(2)
            .refine(
                new MatchSet(matches),
                A,
                new RgbImage(WIDTH / 2, HEIGHT / 2, rgb),
                ORIGINAL_FROM_NETWORK,
                halfFromB.times(ORIGINAL_FROM_NETWORK));

    List<Correspondence> inB =
        refined.correspondences().stream()
            .map(
                match ->
                    new Correspondence(
                        match.xA(),
                        match.yA(),
                        halfFromB.inverse().applyX(match.xB()),
                        halfFromB.inverse().applyY(match.yB()),
                        match.confidence()))
            .toList();
    assertTrue(median(new MatchSet(inB)) < 0.3, median(new MatchSet(inB)) + " px");
  }

  @Test
  void hasNothingToDoWithoutMatches() {
    assertEquals(0, refined(new MatchSet(List.of()), A, B, 2).size());
  }
}
