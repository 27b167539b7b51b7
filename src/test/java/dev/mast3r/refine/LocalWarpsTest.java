package dev.mast3r.refine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalWarpsTest {

  private static final int SIDE = 10;
  private static final int SPACING_PX = 8;

  /** A grid of points of A; their matches are moved by {@code noise} and, one in five, far away. */
  private static LocalWarp aroundTheMiddle(
      double[][] map, double noise, double outlierPx, long seed) {
    Random random = new Random(seed);
    int n = SIDE * SIDE;
    double[] xA = new double[n];
    double[] yA = new double[n];
    double[] xB = new double[n];
    double[] yB = new double[n];
    for (int i = 0; i < n; i++) {
      xA[i] = SPACING_PX * (i % SIDE);
      yA[i] = SPACING_PX * (i / SIDE);
      double off = i % 5 == 1 ? outlierPx : 0;
      xB[i] = map[0][0] * xA[i] + map[0][1] * yA[i] + 200 + noise * random.nextGaussian() + off;
      yB[i] = map[1][0] * xA[i] + map[1][1] * yA[i] + 100 + noise * random.nextGaussian() - off;
    }
    return new LocalWarps(xA, yA, xB, yB).around(5 * SIDE + 5);
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 0, 1", "0.9, 0.3, -0.1, 1.2", "0.7, -0.7, 0.7, 0.7", "0, -1, 1, 0"})
  void findsAnAffineMapDespiteNoiseAndWrongMatches(double xx, double xy, double yx, double yy) {
    double[][] map = {{xx, xy}, {yx, yy}};

    LocalWarp warp = aroundTheMiddle(map, 0.3, 30, 3);

    // 0.3 px among some 20 neighbours at about 8 px: 0.1 px and 0.01, taken threefold
    assertEquals(xx * 40 + xy * 40 + 200, warp.x(), 0.3);
    assertEquals(yx * 40 + yy * 40 + 100, warp.y(), 0.3);
    assertEquals(xx, warp.xx(), 0.04);
    assertEquals(xy, warp.xy(), 0.04);
    assertEquals(yx, warp.yx(), 0.04);
    assertEquals(yy, warp.yy(), 0.04);
  }

  @Test
  void leavesALoneMatchUnturned() {
    double[] a = {50};
    double[] b = {70};

    assertEquals(new LocalWarp(70, 70, 1, 0, 0, 1), new LocalWarps(a, a, b, b).around(0));
  }
}
