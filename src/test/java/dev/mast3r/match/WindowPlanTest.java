package dev.mast3r.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowPlanTest {

  private static final WindowLayout A = WindowLayout.of(1600, 1200, 512, 16);
  private static final WindowLayout B = WindowLayout.of(1200, 1600, 512, 16);

  @Test
  void pairsTheWindowsThatTheMatchesJoin() {
    List<Correspondence> matches = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      double dx = i % 10 * 10;
      double dy = i / 10 * 10;
      matches.add(new Correspondence(100 + dx, 100 + dy, 900 + dx, 1300 + dy, 1));
    }

    List<WindowPair> pairs = new WindowPlan(A, B).select(matches);

    assertTrue(!pairs.isEmpty());
    for (WindowPair pair : pairs) {
      assertTrue(pair.a().contains(145, 145), pair.toString());
      assertTrue(pair.b().contains(945, 1345), pair.toString());
    }
  }

  @Test
  void needsTenMatchesInAWindow() {
    List<Correspondence> nine = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      nine.add(new Correspondence(50 + i, 50, 60, 60 + i, 1));
    }
    List<Correspondence> ten = new ArrayList<>(nine);
    ten.add(new Correspondence(70, 50, 60, 70, 1));

    assertEquals(List.of(), new WindowPlan(A, B).select(nine));
    assertEquals(
        List.of(new WindowPair(new Window(0, 0, 512, 384), new Window(0, 0, 384, 512))),
        new WindowPlan(A, B).select(ten));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void selectsAsThePlainAlgorithmDoes(long seed) {
    List<Correspondence> matches = noisyMatches(seed);

    List<WindowPair> pairs = new WindowPlan(A, B).select(matches);

    assertEquals(PlainPlan.select(A, B, matches), pairs);
    assertTrue(pairs.size() > 10 && pairs.size() < 100, pairs.size() + " pairs");
  }

  /** A turned by 90 degrees, and one match in five is wrong. */
  private static List<Correspondence> noisyMatches(long seed) {
    Random random = new Random(seed);
    List<Correspondence> matches = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      double xA = 1600 * random.nextDouble();
      double yA = 1200 * random.nextDouble();
      boolean wrong = random.nextInt(5) == 0;
      double xB = wrong ? 1200 * random.nextDouble() : 1199 - yA + random.nextGaussian();
      double yB = wrong ? 1600 * random.nextDouble() : xA + random.nextGaussian();
      matches.add(
          new Correspondence(
              xA,
              yA,
              Math.min(Math.max(xB, 0), 1199),
              Math.min(Math.max(yB, 0), 1599),
              random.nextDouble()));
    }
    return matches;
  }

  /** The selection as it is written down: full matrices, rectangles as four numbers. */
  private static final class PlainPlan {

    static List<WindowPair> select(WindowLayout a, WindowLayout b, List<Correspondence> matches) {
      double[][] inA = points(matches, true);
      double[][] inB = points(matches, false);
      List<WindowPair> pairs = new ArrayList<>();
      List<double[]> weights = new ArrayList<>();
      for (Window first : a.grid()) {
        Window second = propose(first, inA, inB, b.imageWidth(), b.imageHeight(), b);
        add(pairs, weights, first, second, first, inA, inA, inB);
      }
      for (Window second : b.grid()) {
        Window first = propose(second, inB, inA, a.imageWidth(), a.imageHeight(), a);
        add(pairs, weights, first, second, second, inB, inA, inB);
      }
      return GreedyCoverTest.DenseGreedyCover.choose(weights.toArray(double[][]::new)).stream()
          .map(pairs::get)
          .toList();
    }

    private static double[][] points(List<Correspondence> matches, boolean ofA) {
      return matches.stream()
          .map(m -> ofA ? new double[] {m.xA(), m.yA()} : new double[] {m.xB(), m.yB()})
          .toArray(double[][]::new);
    }

    private static boolean holds(Window w, double[] p) {
      return w.left() <= p[0] && p[0] < w.right() && w.top() <= p[1] && p[1] < w.bottom();
    }

    private static Window propose(
        Window cell, double[][] here, double[][] there, int width, int height, WindowLayout size) {
      double x = 0;
      double y = 0;
      int count = 0;
      for (int i = 0; i < here.length; i++) {
        if (holds(cell, here[i])) {
          x += there[i][0];
          y += there[i][1];
          count++;
        }
      }
      int w = size.windowWidth();
      int h = size.windowHeight();
      int left = (int) Math.floor(x / count - w / 2.0);
      int top = (int) Math.floor(y / count - h / 2.0);
      left -= Math.min(left, 0);
      left -= Math.max(left + w, width) - width;
      top -= Math.min(top, 0);
      top -= Math.max(top + h, height) - height;
      return new Window(left, top, left + w, top + h);
    }

    private static void add(
        List<WindowPair> pairs,
        List<double[]> weights,
        Window first,
        Window second,
        Window cell,
        double[][] assigning,
        double[][] inA,
        double[][] inB) {
      double[] row = new double[inA.length];
      int assigned = 0;
      for (int i = 0; i < row.length; i++) {
        if (holds(cell, assigning[i])) {
          row[i] = bell(first, inA[i]) * bell(second, inB[i]);
          assigned++;
        }
      }
      if (assigned >= 10) {
        pairs.add(new WindowPair(first, second));
        weights.add(row);
      }
    }

    private static double bell(Window w, double[] p) {
      double dx = (p[0] - (w.left() + w.right()) / 2.0) / (w.right() - w.left());
      double dy = (p[1] - (w.top() + w.bottom()) / 2.0) / (w.bottom() - w.top());
      return Math.exp(-2 * (dx * dx + dy * dy));
    }
  }
}
