package dev.mast3r.refine;

import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.image.GreyImage;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import dev.mast3r.match.WorkerTeam;
import java.util.Arrays;
import java.util.List;

/**
 * Moves the matches of a network to where the original photos agree, without the network.
 *
 * <p>A network that sees a photo shrunk places a match to about half a pixel of its own, which is
 * several of the photo's. Here A's point stays, and B's is moved: the matches around tell how a
 * patch of A is turned and stretched in B ({@link LocalWarps}), and the patch so warped is aligned
 * ({@link PatchAlignment}), first on the photos in about two samples a network pixel, then in about
 * four. A match whose patches do not come to look alike, lie at the edge of a photo, are flat or
 * end too far away stays as it was.
 *
 * <p>The memory is that of two grey images of about four samples a network pixel, whatever the size
 * of the photos. The result does not depend on the number of threads.
 */
public final class PhotoRefinement {

  /** So many samples a network pixel has at least on the finer images, if the photo has them. */
  private static final double SAMPLES_A_NETWORK_PIXEL = 3.4;

  private static final double MIN_CORRELATION = 0.7;

  /** On the coarser images, which only show the way. */
  private static final double MIN_COARSE_CORRELATION = 0.5;

  /** A match moves by no more, in network pixels. */
  private static final double MAX_SHIFT_PX = 2;

  /** Neighbours further off a match than that do not tell where it is expected. */
  private static final double MAX_DISAGREEMENT_PX = 1.5;

  /** How well it is known where a match is expected, in network pixels. */
  private static final double EXPECTED_SPREAD_PX = 1;

  /** Samples of the coarser images; a step shorter than that ends the search there. */
  private static final double COARSE_STEP = 0.25;

  private static final double FINE_STEP = 0.05;

  private static final int MATCHES_A_PIECE = 32;

  private final int threads;

  /**
   * @param threads at least 1
   */
  public PhotoRefinement(int threads) {
    this.threads = threads;
  }

  /**
   * Returns the matches, moved where that can be told, with their confidences.
   *
   * @param matches in pixels of the photos
   * @param originalFromNetworkA tells how large a pixel of the network is on photo A
   */
  public MatchSet refine(
      MatchSet matches,
      RgbImage a,
      RgbImage b,
      PixelTransform originalFromNetworkA,
      PixelTransform originalFromNetworkB) {
    List<Correspondence> before = matches.correspondences();
    if (before.isEmpty()) {
      return matches;
    }
    View viewA = new View(originalFromNetworkA);
    View viewB = new View(originalFromNetworkB);
    Correspondence[] after = new Correspondence[before.size()];
    try (WorkerTeam team = new WorkerTeam(threads)) {
      team.share(2, () -> piece -> (piece == 0 ? viewA : viewB).shrink(piece == 0 ? a : b));
      Refining refining = new Refining(before, viewA, viewB);
      int pieces = (before.size() + MATCHES_A_PIECE - 1) / MATCHES_A_PIECE;
      team.share(
          pieces,
          () -> {
            PatchAlignment coarse = new PatchAlignment(COARSE_STEP);
            PatchAlignment fine = new PatchAlignment(FINE_STEP);
            return piece -> {
              int end = Math.min((piece + 1) * MATCHES_A_PIECE, after.length);
              for (int i = piece * MATCHES_A_PIECE; i < end; i++) {
                after[i] = refining.refined(i, coarse, fine);
              }
            };
          });
    }
    return new MatchSet(Arrays.asList(after));
  }

  /** A photo, the finer image first. */
  private static final class View {

    final PixelTransform originalFromNetwork;
    final PixelTransform networkFromOriginal;
    final GreyImage[] levels = new GreyImage[2];

    View(PixelTransform originalFromNetwork) {
      this.originalFromNetwork = originalFromNetwork;
      this.networkFromOriginal = originalFromNetwork.inverse();
    }

    void shrink(RgbImage photo) {
      double box = Math.min(originalFromNetwork.scaleX(), originalFromNetwork.scaleY());
      levels[0] = GreyImage.of(photo, Math.max(1, (int) (box / SAMPLES_A_NETWORK_PIXEL)));
      levels[1] = levels[0].halved();
    }

    /** Returns how network pixels become samples of a level. */
    PixelTransform samplesFromNetwork(int level) {
      int box = levels[level].boxPx();
      return new PixelTransform(1.0 / box, 1.0 / box, 0.5 / box - 0.5, 0.5 / box - 0.5)
          .times(originalFromNetwork);
    }
  }

  /** The work on one pair. */
  private static final class Refining {

    private final List<Correspondence> matches;
    private final View a;
    private final View b;
    private final double[] xA;
    private final double[] yA;
    private final double[] xB;
    private final double[] yB;
    private final LocalWarps warps;

    Refining(List<Correspondence> matches, View a, View b) {
      this.matches = matches;
      this.a = a;
      this.b = b;
      xA = matches.stream().mapToDouble(m -> a.networkFromOriginal.applyX(m.xA())).toArray();
      yA = matches.stream().mapToDouble(m -> a.networkFromOriginal.applyY(m.yA())).toArray();
      xB = matches.stream().mapToDouble(m -> b.networkFromOriginal.applyX(m.xB())).toArray();
      yB = matches.stream().mapToDouble(m -> b.networkFromOriginal.applyY(m.yB())).toArray();
      warps = new LocalWarps(xA, yA, xB, yB);
    }

    Correspondence refined(int i, PatchAlignment coarse, PatchAlignment fine) {
      LocalWarp warp = warps.around(i);
      boolean agrees = warp.distanceTo(xB[i], yB[i]) < MAX_DISAGREEMENT_PX;
      LocalWarp expected = agrees ? warp : warp.at(xB[i], yB[i]);
      LocalWarp found = expected;
      if (align(i, 1, found, expected, coarse) && coarse.correlation() >= MIN_COARSE_CORRELATION) {
        found = place(1, found, coarse);
      }
      if (!align(i, 0, found, expected, fine) || fine.correlation() < MIN_CORRELATION) {
        return matches.get(i);
      }
      found = place(0, found, fine);
      return found.distanceTo(xB[i], yB[i]) <= MAX_SHIFT_PX ? moved(i, found) : matches.get(i);
    }

    private boolean align(
        int i, int level, LocalWarp start, LocalWarp expected, PatchAlignment alignment) {
      PixelTransform inA = a.samplesFromNetwork(level);
      PixelTransform inB = b.samplesFromNetwork(level);
      return alignment.align(
          a.levels[level],
          inA.applyX(xA[i]),
          inA.applyY(yA[i]),
          b.levels[level],
          start.between(inA, inB),
          inB.applyX(expected.x()),
          inB.applyY(expected.y()),
          EXPECTED_SPREAD_PX * inB.scaleX());
    }

    private LocalWarp place(int level, LocalWarp warp, PatchAlignment alignment) {
      PixelTransform networkFromSamples = b.samplesFromNetwork(level).inverse();
      return warp.at(
          networkFromSamples.applyX(alignment.x()), networkFromSamples.applyY(alignment.y()));
    }

    private Correspondence moved(int i, LocalWarp found) {
      Correspondence before = matches.get(i);
      return new Correspondence(
          before.xA(),
          before.yA(),
          b.originalFromNetwork.applyX(found.x()),
          b.originalFromNetwork.applyY(found.y()),
          before.confidence());
    }
  }
}
