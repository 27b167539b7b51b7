package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CellMergeTest {

  private static Correspondence match(double xA, double yA, double confidence) {
    return new Correspondence(xA, yA, 5, 5, confidence);
  }

  @Test
  void keepsTheMostConfidentMatchOfACell() {
    CellMerge merge = new CellMerge(8);
    merge.add(new MatchSet(List.of(match(1, 1, 2), match(9, 1, 1), match(1, 9, 1))));
    merge.add(new MatchSet(List.of(match(7, 7, 3), match(15, 1, 0.5))));

    assertEquals(
        Set.of(match(7, 7, 3), match(9, 1, 1), match(1, 9, 1)),
        Set.copyOf(merge.correspondences()));
  }

  @Test
  void keepsTheFirstOfEqualMatches() {
    CellMerge merge = new CellMerge(8);
    merge.add(new MatchSet(List.of(match(6, 6, 1))));
    merge.add(new MatchSet(List.of(match(1, 1, 1))));

    assertEquals(List.of(match(6, 6, 1)), merge.correspondences());
  }

  @Test
  void tellsCellsBesideTheOriginApart() {
    CellMerge merge = new CellMerge(8);
    merge.add(new MatchSet(List.of(match(-1, 1, 1), match(1, 1, 1), match(1, -1, 1))));

    assertEquals(3, merge.correspondences().size());
  }

  @Test
  void refusesCellsWithoutArea() {
    assertThrows(IllegalArgumentException.class, () -> new CellMerge(0));
  }
}
