package dev.mast3r.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadSelectionTest {

  /** A dense crowd of confident matches in one corner, few weak ones everywhere else. */
  private static MatchSet crowded() {
    List<Correspondence> matches = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      matches.add(new Correspondence(i % 40, i / 40.0, 0, 0, 100 + i));
    }
    for (int x = 50; x < 400; x += 100) {
      for (int y = 50; y < 300; y += 100) {
        matches.add(new Correspondence(x, y, 0, 0, 1));
      }
    }
    return new MatchSet(matches);
  }

  @Test
  void coversTheImageBeforeItCrowds() {
    List<Correspondence> chosen = SpreadSelection.of(crowded(), 20, 400, 300);

    assertEquals(20, chosen.size());
    assertEquals(20, new HashSet<>(chosen).size());
    // the twelfth shares its cell with the crowd
    assertEquals(11, chosen.stream().filter(match -> match.confidence() == 1).count());
    assertTrue(chosen.stream().anyMatch(match -> match.confidence() == 1099));
  }

  @Test
  void takesAllIfThereAreFew() {
    MatchSet matches = crowded();

    assertEquals(matches.correspondences(), SpreadSelection.of(matches, matches.size(), 400, 300));
  }

  @Test
  void ordersAllSoThatAnyNumberOfThemCoversTheImage() {
    List<Correspondence> ordered = SpreadSelection.ordered(crowded(), 20, 400, 300);

    assertEquals(new HashSet<>(crowded().correspondences()), new HashSet<>(ordered));
    assertEquals(crowded().size(), ordered.size());
    assertEquals(
        11, ordered.subList(0, 12).stream().filter(match -> match.confidence() == 1).count());
  }

  @Test
  void takesNoneIfNoneAreWanted() {
    assertEquals(List.of(), SpreadSelection.of(crowded(), 0, 400, 300));
  }

  @Test
  void takesMatchesAtAndBeyondTheBorder() {
    MatchSet matches =
        new MatchSet(
            List.of(
                new Correspondence(-0.5, -9, 0, 0, 1),
                new Correspondence(399.6, 310, 0, 0, 2),
                new Correspondence(3, 3, 0, 0, 3)));

    assertEquals(2, SpreadSelection.of(matches, 2, 400, 300).size());
  }
}
