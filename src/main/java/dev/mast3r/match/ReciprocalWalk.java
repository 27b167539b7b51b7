package dev.mast3r.match;

import java.util.Arrays;
import java.util.stream.LongStream;

/** The hops between the two images, whatever nearest means (arXiv 2406.09756, section 3.3). */
final class ReciprocalWalk {

  private final NeighbourTable nearestInB;
  private final NeighbourTable nearestInA;

  ReciprocalWalk(NeighbourTable nearestInB, NeighbourTable nearestInA) {
    this.nearestInB = nearestInB;
    this.nearestInA = nearestInA;
  }

  /** Returns the matches that the seeds in A and those in B lead to. */
  PixelMatches match(int[] seedsA, int[] seedsB) {
    long[] fromA = walk(seedsA, nearestInB, nearestInA);
    long[] fromB = walk(seedsB, nearestInA, nearestInB);
    long[] ordered =
        LongStream.concat(
                LongStream.of(fromA), LongStream.of(fromB).map(p -> pack(second(p), first(p))))
            .sorted()
            .distinct()
            .toArray();
    return new PixelMatches(
        Arrays.stream(ordered).mapToInt(ReciprocalWalk::first).toArray(),
        Arrays.stream(ordered).mapToInt(ReciprocalWalk::second).toArray());
  }

  /** Hops from the seeds until each has come to rest or the round trips are used up. */
  private static long[] walk(int[] seeds, NeighbourTable there, NeighbourTable back) {
    long[] found = new long[seeds.length];
    int rested = 0;
    int active = seeds.length;
    int[] u = seeds.clone();
    int[] v = new int[active];
    Arrays.fill(v, -1);
    for (int trip = 0; trip < ReciprocalMatcher.MAX_ROUND_TRIPS && active > 0; trip++) {
      int[] nextV = Arrays.copyOf(u, active);
      there.lookUp(nextV, v, active);
      int moving = 0;
      for (int i = 0; i < active; i++) {
        if (nextV[i] == v[i]) {
          found[rested++] = pack(u[i], v[i]);
        } else {
          u[moving] = u[i];
          v[moving++] = nextV[i];
        }
      }
      active = moving;
      int[] nextU = Arrays.copyOf(v, active);
      back.lookUp(nextU, u, active);
      moving = 0;
      for (int i = 0; i < active; i++) {
        if (nextU[i] == u[i]) {
          found[rested++] = pack(u[i], v[i]);
        } else {
          u[moving] = nextU[i];
          v[moving++] = v[i];
        }
      }
      active = moving;
    }
    return Arrays.copyOf(found, rested);
  }

  /**
   * Records every round trip from the seeds on. Unlike for matching, a path does not end where the
   * hop to B repeats itself, so that the last round trip is recorded too.
   */
  ConvergenceBasins basins(int[] seedsA, int pixelsOfA) {
    int[] next = new int[pixelsOfA];
    Arrays.fill(next, -1);
    int active = seedsA.length;
    int[] u = seedsA.clone();
    for (int trip = 0; trip < ReciprocalMatcher.MAX_ROUND_TRIPS && active > 0; trip++) {
      int[] pixels = Arrays.copyOf(u, active);
      int[] candidates = new int[active];
      Arrays.fill(candidates, -1);
      nearestInB.lookUp(pixels, candidates, active);
      nearestInA.lookUp(pixels, u, active);
      int moving = 0;
      for (int i = 0; i < active; i++) {
        next[u[i]] = pixels[i];
        if (pixels[i] != u[i]) {
          u[moving++] = pixels[i];
        }
      }
      active = moving;
    }
    return new ConvergenceBasins(next);
  }

  private static long pack(int first, int second) {
    return (long) first << 32 | second;
  }

  private static int first(long pair) {
    return (int) (pair >> 32);
  }

  private static int second(long pair) {
    return (int) pair;
  }
}
