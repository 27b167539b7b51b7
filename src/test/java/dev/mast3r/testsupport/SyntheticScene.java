package dev.mast3r.testsupport;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import dev.mast3r.pose.PointEvidence;
import dev.mast3r.pose.PoseProblem;
import dev.mast3r.pose.ViewPoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Two cameras of 640x480 before points whose every coordinate is known, with pointmaps of half the
 * size. Matches and pointmaps are exact until one of the {@code with} methods spoils them.
 */
public final class SyntheticScene {

  public static final int WIDTH = 640;
  public static final int HEIGHT = 480;

  private static final int MAP_WIDTH = WIDTH / 2;
  private static final int MAP_HEIGHT = HEIGHT / 2;
  private static final PixelTransform NETWORK_FROM_ORIGINAL =
      new PixelTransform(0.5, 0.5, -0.25, -0.25);
  private static final Intrinsics INTRINSICS_A = new Intrinsics(520, 515, 322, 238);
  private static final Intrinsics INTRINSICS_B = new Intrinsics(560, 563, 317, 243);

  private final long seed;
  private final Random random;
  private final Rigid3 bFromA;
  private final float[] mapA = noMap();
  private final float[] mapB = noMap();
  private final List<Correspondence> matches = new ArrayList<>();

  private SyntheticScene(long seed, Rigid3 bFromA) {
    this.seed = seed;
    this.random = new Random(seed);
    this.bFromA = bFromA;
  }

  /** A motion of a metre to the side and some degrees, points 3 to 9 m away, 300 matches. */
  public static SyntheticScene seeded(long seed) {
    return of(seed, motion(seed), Surface.CLOUD, 300);
  }

  /** The same motion before one tilted plane. */
  public static SyntheticScene planar(long seed) {
    return of(seed, motion(seed), Surface.PLANE, 300);
  }

  /** A camera that only turns. */
  public static SyntheticScene turning(long seed) {
    return of(seed, new Rigid3(motion(seed).rotation(), new Point3(0, 0, 0)), Surface.CLOUD, 300);
  }

  /** The motion of {@link #seeded} with few matches. */
  public static SyntheticScene ofMatches(long seed, int matches) {
    return of(seed, motion(seed), Surface.CLOUD, matches);
  }

  private static SyntheticScene of(long seed, Rigid3 bFromA, Surface surface, int matches) {
    SyntheticScene scene = new SyntheticScene(seed, bFromA);
    while (scene.matches.size() < matches) {
      scene.addPoint(surface);
    }
    return scene;
  }

  private static Rigid3 motion(long seed) {
    Random random = new Random(seed ^ 0x5eed);
    Point3 axis =
        new Point3(random.nextGaussian(), random.nextGaussian(), 0.3 * random.nextGaussian());
    Rotation3 rotation = Rotation3.aboutAxis(axis, Math.toRadians(5 + 10 * random.nextDouble()));
    double side = random.nextBoolean() ? 1 : -1;
    return new Rigid3(
        rotation,
        new Point3(
            side * (0.7 + 0.5 * random.nextDouble()),
            0.4 * random.nextGaussian(),
            0.4 * random.nextGaussian()));
  }

  /** Adds a point if both cameras see it, on pixels of the pointmaps that have none yet. */
  private void addPoint(Surface surface) {
    int columnA = random.nextInt(MAP_WIDTH);
    int rowA = random.nextInt(MAP_HEIGHT);
    Point2 pixelA = NETWORK_FROM_ORIGINAL.inverse().apply(new Point2(columnA, rowA));
    Point3 ray = INTRINSICS_A.ray(pixelA);
    double depth =
        switch (surface) {
          case CLOUD -> 3 + 6 * random.nextDouble();
          case PLANE -> 5 / (1 + 0.4 * ray.x() - 0.3 * ray.y());
        };
    Point3 inA = ray.times(depth);
    Point3 inB = bFromA.apply(inA);
    Point2 pixelB = INTRINSICS_B.project(inB);
    long columnB = Math.round(NETWORK_FROM_ORIGINAL.applyX(pixelB.x()));
    long rowB = Math.round(NETWORK_FROM_ORIGINAL.applyY(pixelB.y()));
    if (inB.z() <= 0 || columnB < 0 || columnB >= MAP_WIDTH || rowB < 0 || rowB >= MAP_HEIGHT) {
      return;
    }
    int indexA = rowA * MAP_WIDTH + columnA;
    int indexB = (int) (rowB * MAP_WIDTH + columnB);
    if (Float.isNaN(mapA[3 * indexA]) && Float.isNaN(mapB[3 * indexB])) {
      store(mapA, indexA, inA);
      store(mapB, indexB, inB);
      double confidence = 1 + random.nextDouble();
      matches.add(new Correspondence(pixelA.x(), pixelA.y(), pixelB.x(), pixelB.y(), confidence));
    }
  }

  /** Moves the B end of the given share of matches anywhere in the image. */
  public SyntheticScene withOutliers(double share) {
    return withSomeInB(
        share, inB -> new Point2(WIDTH * random.nextDouble(), HEIGHT * random.nextDouble()));
  }

  /** Adds normal noise to both ends of every match. */
  public SyntheticScene withPixelNoise(double sigmaPx) {
    matches.replaceAll(
        m ->
            new Correspondence(
                m.xA() + sigmaPx * random.nextGaussian(),
                m.yA() + sigmaPx * random.nextGaussian(),
                m.xB() + sigmaPx * random.nextGaussian(),
                m.yB() + sigmaPx * random.nextGaussian(),
                m.confidence()));
    return this;
  }

  /** Adds normal noise to the B end of the given share of matches. */
  public SyntheticScene withPixelNoiseOfSome(double share, double sigmaPx) {
    return withSomeInB(
        share,
        inB ->
            new Point2(
                inB.x() + sigmaPx * random.nextGaussian(),
                inB.y() + sigmaPx * random.nextGaussian()));
  }

  private SyntheticScene withSomeInB(double share, UnaryOperator<Point2> moved) {
    for (int i = 0; i < Math.round(share * matches.size()); i++) {
      Correspondence m = matches.get(i);
      Point2 inB = moved.apply(new Point2(m.xB(), m.yB()));
      matches.set(i, new Correspondence(m.xA(), m.yA(), inB.x(), inB.y(), m.confidence()));
    }
    return this;
  }

  /**
   * Scales every point of both pointmaps along its ray by a random factor of the given standard
   * deviation of the logarithm.
   */
  public SyntheticScene withDepthNoise(double sigma) {
    for (float[] map : List.of(mapA, mapB)) {
      for (int i = 0; i < map.length; i += 3) {
        scale(map, i, Math.exp(sigma * random.nextGaussian()));
      }
    }
    return this;
  }

  /** Scales the given share of A's points by 0.2 to 5. */
  public SyntheticScene withDepthOutliers(double share) {
    for (int i = 0; i < mapA.length; i += 3) {
      if (random.nextDouble() < share) {
        scale(mapA, i, Math.pow(5, 2 * random.nextDouble() - 1));
      }
    }
    return this;
  }

  /** Scales the coordinates of A's and of B's pointmap, as a model that is not metric would. */
  public SyntheticScene withMapScales(double a, double b) {
    for (int i = 0; i < mapA.length; i += 3) {
      scale(mapA, i, a);
      scale(mapB, i, b);
    }
    return this;
  }

  /** Replaces all matches by as many copies of the first. */
  public SyntheticScene withOneMatchRepeated() {
    Correspondence first = matches.get(0);
    matches.replaceAll(match -> first);
    return this;
  }

  /** Says every match three times. */
  public SyntheticScene withMatchesTripled() {
    List<Correspondence> once = List.copyOf(matches);
    matches.addAll(once);
    matches.addAll(once);
    return this;
  }

  public Rigid3 bFromA() {
    return bFromA;
  }

  public Intrinsics intrinsicsA() {
    return INTRINSICS_A;
  }

  public Intrinsics intrinsicsB() {
    return INTRINSICS_B;
  }

  public List<Correspondence> matches() {
    return List.copyOf(matches);
  }

  /** The problem with metric points of both cameras. */
  public PoseProblem problem() {
    return problem(Optional.of(points(true)));
  }

  public PoseProblem problem(Optional<PointEvidence> points) {
    return new PoseProblem(new MatchSet(matches), INTRINSICS_A, INTRINSICS_B, points);
  }

  public PointEvidence points(boolean metric) {
    return new PointEvidence(view(mapA), Optional.of(view(mapB)), metric);
  }

  /** Metric points of A alone, as one run of the network gives. */
  public PointEvidence pointsOfA() {
    return new PointEvidence(view(mapA), Optional.empty(), true);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "scene with seed %d", seed);
  }

  private static ViewPoints view(float[] map) {
    return new ViewPoints(new Pointmap(MAP_WIDTH, MAP_HEIGHT, map.clone()), NETWORK_FROM_ORIGINAL);
  }

  private static float[] noMap() {
    float[] map = new float[3 * MAP_WIDTH * MAP_HEIGHT];
    Arrays.fill(map, Float.NaN);
    return map;
  }

  private static void store(float[] map, int index, Point3 point) {
    map[3 * index] = (float) point.x();
    map[3 * index + 1] = (float) point.y();
    map[3 * index + 2] = (float) point.z();
  }

  private static void scale(float[] map, int offset, double factor) {
    for (int i = offset; i < offset + 3; i++) {
      map[i] = (float) (map[i] * factor);
    }
  }

  private enum Surface {
    CLOUD,
    PLANE
  }
}
