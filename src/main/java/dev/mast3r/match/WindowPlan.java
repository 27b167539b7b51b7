package dev.mast3r.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Which windows of two images are worth matching with each other (arXiv 2406.09756, section 3.4,
 * coarse-to-fine matching).
 *
 * <p>Each window of a grid on one image proposes the window of the other image that is centred on
 * the mean of its matches' other ends. A pair of windows covers a match by how central it is in
 * both; pairs are taken greedily until the matches are covered to 90 %. The paper speaks of a count
 * of matches; the bell-shaped weight and the least number of matches are the published program's.
 */
public final class WindowPlan {

  /** A window that holds fewer matches proposes nothing. */
  private static final int MIN_MATCHES = 10;

  private final WindowLayout layoutA;
  private final WindowLayout layoutB;

  public WindowPlan(WindowLayout layoutA, WindowLayout layoutB) {
    this.layoutA = layoutA;
    this.layoutB = layoutB;
  }

  /**
   * Returns the window pairs in the order in which they were chosen; none if no window holds enough
   * matches.
   *
   * @param matches in pixels of the two images that the windows lie on
   */
  public List<WindowPair> select(List<Correspondence> matches) {
    List<WindowPair> pairs = new ArrayList<>();
    GreedyCover cover = new GreedyCover(matches.size());
    for (Window a : layoutA.grid()) {
      int[] inside = inside(a, matches, Correspondence::xA, Correspondence::yA);
      if (inside.length >= MIN_MATCHES) {
        Window b =
            layoutB.around(
                mean(inside, matches, Correspondence::xB),
                mean(inside, matches, Correspondence::yB));
        pairs.add(new WindowPair(a, b));
        cover.offer(inside, weights(a, b, inside, matches));
      }
    }
    for (Window b : layoutB.grid()) {
      int[] inside = inside(b, matches, Correspondence::xB, Correspondence::yB);
      if (inside.length >= MIN_MATCHES) {
        Window a =
            layoutA.around(
                mean(inside, matches, Correspondence::xA),
                mean(inside, matches, Correspondence::yA));
        pairs.add(new WindowPair(a, b));
        cover.offer(inside, weights(a, b, inside, matches));
      }
    }
    return cover.choose().stream().map(pairs::get).toList();
  }

  private static int[] inside(
      Window window,
      List<Correspondence> matches,
      ToDoubleFunction<Correspondence> x,
      ToDoubleFunction<Correspondence> y) {
    int[] inside = new int[matches.size()];
    int count = 0;
    for (int i = 0; i < matches.size(); i++) {
      Correspondence match = matches.get(i);
      if (window.contains(x.applyAsDouble(match), y.applyAsDouble(match))) {
        inside[count++] = i;
      }
    }
    return Arrays.copyOf(inside, count);
  }

  private static double mean(
      int[] inside, List<Correspondence> matches, ToDoubleFunction<Correspondence> coordinate) {
    double sum = 0;
    for (int i : inside) {
      sum += coordinate.applyAsDouble(matches.get(i));
    }
    return sum / inside.length;
  }

  /** A match that falls outside the proposed window only counts less. */
  private static double[] weights(Window a, Window b, int[] inside, List<Correspondence> matches) {
    double[] weights = new double[inside.length];
    for (int i = 0; i < inside.length; i++) {
      Correspondence match = matches.get(inside[i]);
      weights[i] = a.centrality(match.xA(), match.yA()) * b.centrality(match.xB(), match.yB());
    }
    return weights;
  }
}
