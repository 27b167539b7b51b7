package dev.mast3r.cli;

import java.util.Collection;
import java.util.Optional;

/** Finds what the user probably meant. */
final class Spelling {

  private Spelling() {}

  /**
   * Returns the candidate with the smallest edit distance to {@code given}, if it is near enough to
   * be a slip.
   */
  static Optional<String> nearest(String given, Collection<String> candidates) {
    String word = given.contains("=") ? given.substring(0, given.indexOf('=')) : given;
    String best = null;
    int bestDistance = Math.max(2, word.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Levenshtein's distance: insertions, deletions and replacements of one letter cost 1. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
