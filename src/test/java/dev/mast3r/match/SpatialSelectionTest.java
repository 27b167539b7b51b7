package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpatialSelectionTest {

  @Test
  void keepsAllIfThereAreNoMoreThanWanted() {
    List<Correspondence> all = List.of(at(0, 0, 3), at(0, 0, 2), at(0, 0, 1));

    assertEquals(all, new SpatialSelection(10, 10, 10, 10, 3).select(all));
  }

  @Test
  void takesTheMostConfidentOfEachCellBeforeASecondOne() {
    // 4 cells of 5 x 5: three matches in the first, one in the last
    List<Correspondence> all = List.of(at(0, 0, 9), at(1, 0, 8), at(4, 4, 7), at(9, 9, 1));

    List<Correspondence> four = new SpatialSelection(10, 10, 10, 10, 4).select(all);
    List<Correspondence> three = new SpatialSelection(10, 10, 10, 10, 3).select(all.subList(0, 4));

    assertEquals(4, four.size());
    assertEquals(List.of(at(0, 0, 9), at(1, 0, 8), at(9, 9, 1)), three);
  }

  @Test
  void spreadsOverImageBToo() {
    // apart in A, all but one at one spot of B
    List<Correspondence> all =
        List.of(
            new Correspondence(0, 0, 0, 0, 9),
            new Correspondence(9, 0, 0, 0, 8),
            new Correspondence(0, 9, 9, 9, 1));

    List<Correspondence> two = new SpatialSelection(10, 10, 10, 10, 2).select(all);

    assertEquals(List.of(all.get(0), all.get(2)), two);
  }

  @Test
  void theOrderOfTheInputDoesNotMatter() {
    Random random = new Random(4);
    List<Correspondence> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(at(random.nextInt(100), random.nextInt(100), random.nextInt(5)));
    }
    SpatialSelection selection = new SpatialSelection(100, 100, 100, 100, 60);
    List<Correspondence> once = selection.select(all);
    Collections.shuffle(all, random);

    assertEquals(once, selection.select(all));
  }

  @Test
  void aDenseGridIsThinnedToAlmostOneACell() {
    List<Correspondence> all = new ArrayList<>();
    for (int y = 0; y < 60; y++) {
      for (int x = 0; x < 80; x++) {
        // the left half is far more confident
        all.add(at(x, y, x < 40 ? 10 : 1));
      }
    }

    List<Correspondence> selected = new SpatialSelection(80, 60, 80, 60, 48).select(all);

    long left = selected.stream().filter(match -> match.xA() < 40).count();
    assertEquals(48, selected.size());
    assertTrue(left == 24, "of 48 matches " + left + " are in the left half");
  }

  private static Correspondence at(double x, double y, double confidence) {
    return new Correspondence(x, y, x, y, confidence);
  }
}
