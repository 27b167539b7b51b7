package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.DescriptorMap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.ModelException;
import dev.mast3r.geometry.PixelTransform;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DenseMatchingTest {

  private static final int WIDTH = 20;
  private static final int HEIGHT = 10;
  private static final MatchOptions EVERY_PIXEL = new MatchOptions(1, 3000, 0, 0);

  private final DenseMatching matching =
      new DenseMatching(
          new ExhaustiveReciprocalMatcher(), new ReciprocalPointMatcher(1, SeedImages.A));

  @Test
  void carriesPixelsToTheOriginalImages() {
    PixelTransform fromA = new PixelTransform(2, 3, 0.5, 1);
    PixelTransform fromB = new PixelTransform(4, 5, 10, 20);

    MatchSet matches =
        matching.match(
            view(new float[] {2}),
            view(new float[] {2}),
            fromA,
            fromB,
            new MatchOptions(7, 9, 0, 0));

    // seeds of step 7 in 20 x 10: x = 3, 10, 17 and y = 3
    assertEquals(
        List.of(
            new Correspondence(6.5, 10, 22, 35, 2),
            new Correspondence(20.5, 10, 50, 35, 2),
            new Correspondence(34.5, 10, 78, 35, 2)),
        matches.correspondences());
  }

  @Test
  void dropsMatchesNearTheBorder() {
    MatchSet matches = match(view(new float[] {1}), view(new float[] {1}), 3, 0);

    assertEquals((WIDTH - 6) * (HEIGHT - 6), matches.size());
    assertTrue(
        matches.correspondences().stream()
            .allMatch(
                match ->
                    match.xA() >= 3
                        && match.xA() < WIDTH - 3
                        && match.yA() >= 3
                        && match.yA() < HEIGHT - 3));
  }

  @Test
  void aMatchIsAsConfidentAsTheLessConfidentOfItsPixels() {
    float[] confidenceA = new float[WIDTH * HEIGHT];
    float[] confidenceB = new float[WIDTH * HEIGHT];
    Arrays.fill(confidenceA, 4);
    Arrays.fill(confidenceB, 5);
    confidenceA[7] = 6;
    confidenceB[8] = 3;

    MatchSet matches = match(view(confidenceA), view(confidenceB), 0, 0);

    assertEquals(new Correspondence(7, 0, 7, 0, 5), matches.correspondences().get(0));
    assertEquals(
        new Correspondence(8, 0, 8, 0, 3), matches.correspondences().get(matches.size() - 1));
  }

  @Test
  void dropsMatchesBelowTheLeastConfidence() {
    float[] confidence = new float[WIDTH * HEIGHT];
    confidence[50] = 2;
    confidence[51] = 1.9f;

    MatchSet matches = match(view(confidence), view(new float[] {9}), 0, 2);

    assertEquals(List.of(new Correspondence(10, 2, 10, 2, 2)), matches.correspondences());
  }

  @Test
  void keepsNoMoreThanWanted() {
    MatchSet matches =
        matching.match(
            view(new float[] {1}),
            view(new float[] {1}),
            PixelTransform.identity(),
            PixelTransform.identity(),
            new MatchOptions(1, 17, 0, 0));

    assertEquals(17, matches.size());
  }

  @Test
  void refusesAModelWithoutDescriptors() {
    ViewMaps none =
        new ViewMaps(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    PixelTransform same = PixelTransform.identity();

    assertThrows(ModelException.class, () -> matching.match(none, none, same, same, EVERY_PIXEL));
  }

  private MatchSet match(ViewMaps a, ViewMaps b, int borderPx, double minConfidence) {
    return matching.match(
        a,
        b,
        PixelTransform.identity(),
        PixelTransform.identity(),
        new MatchOptions(1, 3000, borderPx, minConfidence));
  }

  /** A view whose pixels match the same pixels of the other one; one confidence is for all. */
  private static ViewMaps view(float[] confidence) {
    DescriptorMap descriptors = SyntheticDescriptors.random(WIDTH, HEIGHT, 24, 11);
    float[] all = confidence;
    if (confidence.length == 1) {
      all = new float[WIDTH * HEIGHT];
      Arrays.fill(all, confidence[0]);
    }
    return new ViewMaps(
        Optional.empty(),
        Optional.empty(),
        Optional.of(descriptors),
        Optional.of(new ConfidenceMap(WIDTH, HEIGHT, all)));
  }
}
