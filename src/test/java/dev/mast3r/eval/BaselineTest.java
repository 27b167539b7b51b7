package dev.mast3r.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mast3r.error.InputException;
import dev.mast3r.eval.Baseline.Comparison;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineTest {

  private static final Map<String, String> MADE_WITH = Map.of("model", "some");

  private static Baseline of(Figure... figures) {
    return Baseline.of("pairs", 12, MADE_WITH, List.of(figures), Optional.empty());
  }

  private static Comparison compare(Figure before, Figure after) {
    return of(before).compare(List.of(after)).get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "60, 60, false",
    "60, 75, false",
    "60, 57.5, false",
    "60, 57, false",
    "60, 56.99, true",
    "60, 0, true"
  })
  void aFigureOfWhichMoreIsBetterMayFallByItsSlack(double before, double after, boolean regressed) {
    Comparison comparison =
        compare(
            Figure.higherIsBetter("auc20", before, Slack.of(3)),
            Figure.higherIsBetter("auc20", after, Slack.of(99)));

    assertEquals(regressed, comparison.regressed());
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, false",
    "2, 0.1, false",
    "2, 2.2, false",
    "2, 2.21, true",
    "2, Infinity, true",
    "Infinity, Infinity, false",
    "Infinity, 3, false",
    "0, 0, false",
    "0, 0.001, true"
  })
  void aFigureOfWhichLessIsBetterMayRiseByAShareOfItself(
      double before, double after, boolean regressed) {
    Comparison comparison =
        compare(
            Figure.lowerIsBetter("median", before, Slack.ofPercent(10)),
            Figure.lowerIsBetter("median", after, Slack.of(0)));

    assertEquals(regressed, comparison.regressed());
  }

  @Test
  void aFileHoldsExactlyWhatIsCompared() {
    Figure third = Figure.higherIsBetter("auc5", 100.0 / 3, Slack.of(0));
    Figure twoThirds = Figure.lowerIsBetter("median", 2.0 / 3, Slack.ofPercent(0));

    Baseline read = BaselineJson.parse(BaselineJson.of(of(third, twoThirds)), "file");

    for (Comparison comparison : read.compare(List.of(third, twoThirds))) {
      assertEquals(0, comparison.gain());
      assertFalse(comparison.regressed());
    }
  }

  @Test
  void isReadBackFromItsJson() {
    Baseline baseline =
        of(
            Figure.higherIsBetter("auc20", 61.25, Slack.of(2.5)),
            Figure.lowerIsBetter("median", Double.POSITIVE_INFINITY, Slack.ofPercent(10)));

    assertEquals(baseline, BaselineJson.parse(BaselineJson.of(baseline), "file"));
    assertTrue(BaselineJson.of(baseline).contains("\"slack\": \"10%\""), BaselineJson.of(baseline));
  }

  @Test
  void keepsTheSlacksAndTheChoiceOfFiguresWhenItIsWrittenAnew() {
    Baseline before = of(Figure.higherIsBetter("auc20", 50, Slack.of(1)));

    Baseline after =
        Baseline.of(
            "pairs",
            14,
            Map.of(),
            List.of(
                Figure.higherIsBetter("auc10", 40, Slack.of(5)),
                Figure.higherIsBetter("auc20", 70, Slack.of(5))),
            Optional.of(before));

    assertEquals(Map.of("auc20", new Baseline.Entry(70, Slack.of(1))), after.entries());
    assertEquals(14, after.items());
  }

  @Test
  void holdsNothingToFiguresThatItLeavesOutAndTellsThoseThatItDoesNotKnow() {
    Baseline baseline = of(Figure.higherIsBetter("auc20", 50, Slack.of(1)));
    Figure other = Figure.higherIsBetter("auc5", 1, Slack.of(1));

    assertEquals(List.of(), baseline.compare(List.of(other)));
    assertEquals(Optional.of("auc20"), baseline.unknown(List.of(other)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1]|b.json: expected a JSON object",
        "{|b.json: expected a JSON object",
        "{}|b.json: benchmark: expected a text, found nothing",
        "{\"benchmark\":\"pairs\",\"items\":1.5}|b.json: items: expected a whole number, found 1.5",
        "{\"benchmark\":\"pairs\",\"items\":3,\"made_with\":{},\"figures\":{\"auc5\":3}}"
            + "|b.json: auc5: expected an object, found 3",
        "{\"benchmark\":\"pairs\",\"items\":3,\"made_with\":{},\"figures\":{\"auc5\":{\"value\":3,\"slack\":-1}}}"
            + "|b.json: auc5: slack: expected a number or a text like \"10%\", found -1",
        "{\"benchmark\":\"pairs\",\"items\":3,\"made_with\":{},\"figures\":{\"auc5\":{\"slack\":1}}}"
            + "|b.json: auc5: value: expected a number or null, found nothing"
      })
  void namesTheKeyThatIsWrong(String json, String message) {
    assertEquals(
        message,
        assertThrows(InputException.class, () -> BaselineJson.parse(json, "b.json")).getMessage());
  }
}
