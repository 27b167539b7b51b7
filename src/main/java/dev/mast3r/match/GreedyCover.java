package dev.mast3r.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses sets one after the other, each time the one that adds most, until 90 % of what all sets
 * together can cover is covered. A set covers items by weights; of several sets that cover an item
 * the largest weight counts.
 */
final class GreedyCover {

  private static final double TARGET = 0.9;

  private final int items;
  private final List<int[]> members = new ArrayList<>();

  /** By how much a set would add to what is covered of each of its members. */
  private final List<double[]> gains = new ArrayList<>();

  /**
   * @param items how many there are
   */
  GreedyCover(int items) {
    this.items = items;
  }

  /**
   * Adds a set.
   *
   * @param itemsOfSet ascending, none twice
   * @param weights of those items, none negative
   */
  void offer(int[] itemsOfSet, double[] weights) {
    members.add(itemsOfSet.clone());
    gains.add(weights.clone());
  }

  /** Returns the chosen sets by their places in the order of offers; of equal ones the first. */
  List<Integer> choose() {
    double missing = TARGET * coverable();
    double[] sums = new double[gains.size()];
    for (int set = 0; set < sums.length; set++) {
      sums[set] = Arrays.stream(gains.get(set)).sum();
    }
    List<Integer> chosen = new ArrayList<>();
    double[] covered = new double[items];
    while (missing > 0) {
      int best = largest(sums);
      if (sums[best] <= 0) {
        break;
      }
      chosen.add(best);
      missing -= sums[best];
      Arrays.fill(covered, 0);
      int[] winner = members.get(best);
      for (int i = 0; i < winner.length; i++) {
        covered[winner[i]] = gains.get(best)[i];
      }
      for (int set = 0; set < sums.length; set++) {
        if (reduce(members.get(set), gains.get(set), covered)) {
          sums[set] = Arrays.stream(gains.get(set)).sum();
        }
      }
    }
    return chosen;
  }

  private double coverable() {
    double[] largest = new double[items];
    for (int set = 0; set < members.size(); set++) {
      int[] ofSet = members.get(set);
      for (int i = 0; i < ofSet.length; i++) {
        largest[ofSet[i]] = Math.max(largest[ofSet[i]], gains.get(set)[i]);
      }
    }
    return Arrays.stream(largest).sum();
  }

  private static int largest(double[] sums) {
    int best = 0;
    for (int set = 1; set < sums.length; set++) {
      if (sums[set] > sums[best]) {
        best = set;
      }
    }
    return best;
  }

  private static boolean reduce(int[] ofSet, double[] gain, double[] covered) {
    boolean changed = false;
    for (int i = 0; i < ofSet.length; i++) {
      double by = covered[ofSet[i]];
      if (by > 0) {
        gain[i] = Math.max(0, gain[i] - by);
        changed = true;
      }
    }
    return changed;
  }
}
