package dev.mast3r.sift;

import dev.mast3r.geometry.Point2;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;

/**
 * Correspondences of two images by SIFT: mutual nearest neighbours in L2 that pass the ratio test
 * (Lowe, IJCV 2004, section 7.1). Exhaustive and without chance: the same images give the same
 * matches.
 *
 * <p>Pixels are those of the images given, (0,0) being the centre of the top-left pixel. The
 * confidence is {@code 1 - d1 / d2}, d1 and d2 being the distances to the nearest and the second
 * nearest descriptor: from {@code 1 - maxRatio}, barely told apart, to 1, identical descriptors and
 * nothing like them. It ranks matches and is no probability; it compares to no confidence of a
 * network.
 *
 * <p>A place that carries several features, of one orientation each, is matched once, by the most
 * confident. An image without features gives an empty set.
 */
public final class SiftMatcher {

  private final SiftOptions options;

  public SiftMatcher(SiftOptions options) {
    this.options = options;
  }

  public MatchSet match(RgbImage a, RgbImage b) {
    try (SiftFeatures featuresA = SiftFeatures.of(a, options);
        SiftFeatures featuresB = SiftFeatures.of(b, options)) {
      // a second nearest neighbour is needed on the B side to tell a match from chance
      if (featuresA.size() < 1 || featuresB.size() < 2) {
        return new MatchSet(List.of());
      }
      return match(featuresA, featuresB);
    }
  }

  private MatchSet match(SiftFeatures a, SiftFeatures b) {
    Neighbours inB = Neighbours.find(a.descriptors(), b.descriptors(), 2);
    Neighbours inA = Neighbours.find(b.descriptors(), a.descriptors(), 1);
    Map<List<Point2>, Correspondence> matches = new LinkedHashMap<>();
    for (int i = 0; i < a.size(); i++) {
      int j = inB.index[2 * i];
      double nearest = inB.distance[2 * i];
      double second = inB.distance[2 * i + 1];
      if (nearest < options.maxRatio() * second && inA.index[j] == i) {
        Point2 pixelA = a.pixel(i);
        Point2 pixelB = b.pixel(j);
        double confidence = 1 - nearest / second;
        matches.merge(
            List.of(pixelA, pixelB),
            new Correspondence(pixelA.x(), pixelA.y(), pixelB.x(), pixelB.y(), confidence),
            (one, other) -> one.confidence() >= other.confidence() ? one : other);
      }
    }
    return new MatchSet(List.copyOf(matches.values()));
  }

  /** The k nearest rows of one descriptor matrix for every row of another, nearest first. */
  private static final class Neighbours {

    private final int[] index;
    private final float[] distance;

    private Neighbours(int[] index, float[] distance) {
      this.index = index;
      this.distance = distance;
    }

    static Neighbours find(Mat queries, Mat targets, int k) {
      Mat distances = new Mat();
      Mat indices = new Mat();
      try {
        Core.batchDistance(queries, targets, distances, CvType.CV_32F, indices, Core.NORM_L2, k);
        int[] index = new int[queries.rows() * k];
        float[] distance = new float[queries.rows() * k];
        indices.get(0, 0, index);
        distances.get(0, 0, distance);
        return new Neighbours(index, distance);
      } finally {
        distances.release();
        indices.release();
      }
    }
  }
}
