package dev.mast3r.match;

import dev.mast3r.dense.Pointmap;
import dev.mast3r.error.InputException;

/**
 * Fast reciprocal matching of two pointmaps by Euclidean distance, for models without descriptors
 * (DUSt3R, arXiv 2312.14132, section 3.3: point matching).
 *
 * <p>Hops, seeds and result are those of {@link ReciprocalMatcher}; nearest is the smallest {@code
 * dx dx + dy dy + dz dz} in single precision, of equal ones the lowest pixel index.
 */
public final class ReciprocalPointMatcher {

  private final int threads;
  private final SeedImages seedImages;

  /**
   * @param threads at least 1; they live as long as a call
   */
  public ReciprocalPointMatcher(int threads, SeedImages seedImages) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread is needed, found " + threads);
    }
    this.threads = threads;
    this.seedImages = seedImages;
  }

  /**
   * Returns at most one match a seed, each a pair of mutual nearest neighbours among the pixels
   * that the masks allow.
   *
   * @param pointsA of image A, H x W x 3
   * @param pointsB of image B, in the same frame and unit as {@code pointsA}
   * @param subsample the step of the seed grid in pixels, at least 1; 1 finds every mutual pair
   * @throws InputException if an allowed pixel's point is not finite
   */
  public PixelMatches match(
      Pointmap pointsA, Pointmap pointsB, int subsample, PixelMask maskA, PixelMask maskB) {
    float[] xyzA = finite("A", pointsA, maskA);
    float[] xyzB = finite("B", pointsB, maskB);
    SeedGrid seeds = new SeedGrid(maskA, maskB, subsample, seedImages);
    try (WorkerTeam team = new WorkerTeam(threads)) {
      NeighbourTable nearestInB = table(pointsA, xyzA, new PointTree(pointsB, maskB), team);
      NeighbourTable nearestInA = table(pointsB, xyzB, new PointTree(pointsA, maskA), team);
      return new ReciprocalWalk(nearestInB, nearestInA).match(seeds.inA(), seeds.inB());
    }
  }

  private static NeighbourTable table(Pointmap from, float[] xyz, PointTree to, WorkerTeam team) {
    return new NeighbourTable(
        from.width(),
        from.height(),
        team,
        () -> {
          PointTree.Query query = to.query();
          return (pixels, first, end, answers) -> {
            for (int i = first; i < end; i++) {
              int at = 3 * pixels[i];
              answers[i] = query.nearest(xyz[at], xyz[at + 1], xyz[at + 2], answers[i]);
            }
          };
        });
  }

  private static float[] finite(String name, Pointmap points, PixelMask mask) {
    if (mask.width() != points.width() || mask.height() != points.height()) {
      throw new IllegalArgumentException("mask " + name + " is not of the size of its pointmap");
    }
    float[] xyz = points.toArray();
    for (int i = 0; i < xyz.length; i++) {
      if (!Float.isFinite(xyz[i]) && mask.allows(i / 3)) {
        throw new InputException(
            "pointmap "
                + name
                + " is not finite at pixel ("
                + i / 3 % points.width()
                + ", "
                + i / 3 / points.width()
                + ")");
      }
    }
    return xyz;
  }
}
