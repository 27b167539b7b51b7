package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GreedyCoverTest {

  @Test
  void takesTheSetThatAddsMostUntilNineTenthsAreCovered() {
    GreedyCover cover = new GreedyCover(10);
    cover.offer(new int[] {0, 1, 2, 3, 4, 5}, ones(6));
    cover.offer(new int[] {4, 5, 6}, ones(3));
    cover.offer(new int[] {6, 7, 8}, ones(3));
    cover.offer(new int[] {9}, ones(1));

    // 6 + 3 of 10; the second set would add one item only
    assertEquals(List.of(0, 2), cover.choose());
  }

  @Test
  void takesTheFirstOfEqualSets() {
    GreedyCover cover = new GreedyCover(4);
    cover.offer(new int[] {0}, ones(1));
    cover.offer(new int[] {1, 2}, ones(2));
    cover.offer(new int[] {1, 2}, ones(2));

    assertEquals(List.of(1, 0), cover.choose());
  }

  @Test
  void countsOnlyWhatALargerWeightAdds() {
    GreedyCover cover = new GreedyCover(2);
    cover.offer(new int[] {0}, new double[] {1});
    cover.offer(new int[] {0, 1}, new double[] {0.8, 0.1});

    assertEquals(List.of(0), cover.choose());
  }

  @Test
  void choosesNothingFromNothing() {
    assertEquals(List.of(), new GreedyCover(5).choose());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void choosesAsThePlainAlgorithmDoes(long seed) {
    Random random = new Random(seed);
    int items = 60;
    double[][] weights = new double[40][items];
    GreedyCover cover = new GreedyCover(items);
    for (double[] row : weights) {
      int[] members = IntStream.range(0, items).filter(item -> random.nextInt(4) == 0).toArray();
      for (int item : members) {
        row[item] = random.nextDouble();
      }
      cover.offer(members, IntStream.of(members).mapToDouble(item -> row[item]).toArray());
    }

    assertEquals(DenseGreedyCover.choose(weights), cover.choose());
  }

  private static double[] ones(int count) {
    return IntStream.range(0, count).mapToDouble(i -> 1).toArray();
  }

  /** The algorithm as it is written down, on the full matrix of weights, one row a set. */
  static final class DenseGreedyCover {

    private DenseGreedyCover() {}

    static List<Integer> choose(double[][] weights) {
      double[][] left = new double[weights.length][];
      double target = 0;
      for (int set = 0; set < weights.length; set++) {
        left[set] = weights[set].clone();
      }
      int items = weights.length == 0 ? 0 : weights[0].length;
      for (int item = 0; item < items; item++) {
        double largest = 0;
        for (double[] row : weights) {
          largest = Math.max(largest, row[item]);
        }
        target += 0.9 * largest;
      }
      List<Integer> chosen = new ArrayList<>();
      double covered = 0;
      while (covered < target) {
        int best = 0;
        for (int set = 1; set < left.length; set++) {
          if (sum(left[set]) > sum(left[best])) {
            best = set;
          }
        }
        chosen.add(best);
        covered += sum(left[best]);
        double[] winner = left[best].clone();
        for (double[] row : left) {
          for (int item = 0; item < items; item++) {
            row[item] = Math.max(0, row[item] - winner[item]);
          }
        }
      }
      return chosen;
    }

    private static double sum(double[] row) {
      double sum = 0;
      for (double value : row) {
        sum += value;
      }
      return sum;
    }
  }
}
