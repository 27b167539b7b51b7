package dev.mast3r.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.eval.RankedPrecision.Answer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RankedPrecisionTest {

  private static final List<Answer> THREE_OF_FOUR =
      List.of(new Answer(10, true), new Answer(9, true), new Answer(8, false), new Answer(7, true));

  @Test
  void addsUpThePrecisionAtEveryRank() {
    // (1 + 1 + 2/3 + 3/4) / 4
    assertEquals(0.854167, new RankedPrecision(THREE_OF_FOUR, 0).auc(), 1e-6);
    assertEquals(0.75, new RankedPrecision(THREE_OF_FOUR, 0).precision());
  }

  @Test
  void countsUnansweredFramesInRecall() {
    RankedPrecision ranked = new RankedPrecision(THREE_OF_FOUR, 1);

    assertEquals(0.683333, ranked.auc(), 1e-6);
    assertEquals(0.6, ranked.precision());
    assertEquals(0.8, ranked.answered());
  }

  @Test
  void isThePrecisionIfAllConfidencesAreEqual() {
    List<Answer> equal =
        THREE_OF_FOUR.stream().map(answer -> new Answer(1, answer.correct())).toList();

    assertEquals(0.75, new RankedPrecision(equal, 0).auc(), 1e-12);
  }

  @Test
  void isZeroIfNothingWasAnswered() {
    assertEquals(0, new RankedPrecision(List.of(), 3).auc());
  }

  @Test
  void refusesNoFramesAndNegativeConfidences() {
    assertThrows(IllegalArgumentException.class, () -> new RankedPrecision(List.of(), 0));
    assertThrows(IllegalArgumentException.class, () -> new Answer(-1, true));
  }

  @Property
  void liesBetweenZeroAndOneAndDoesNotDependOnTheOrderOfAnswers(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 9) Integer> confidences) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < confidences.size(); i++) {
      answers.add(new Answer(confidences.get(i), i % 3 != 0));
    }
    double auc = new RankedPrecision(answers, 2).auc();
    List<Answer> reversed = new ArrayList<>();
    answers.forEach(answer -> reversed.add(0, answer));

    assertTrue(auc >= 0 && auc <= 1);
    assertEquals(auc, new RankedPrecision(reversed, 2).auc(), 1e-12);
  }
}
