package dev.mast3r.output;

import dev.mast3r.dense.ConfidenceMap;
import dev.mast3r.dense.Pointmap;
import dev.mast3r.dense.ViewMaps;
import dev.mast3r.error.InputException;
import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.geometry.Point3;
import dev.mast3r.image.RgbImage;
import dev.mast3r.match.Correspondence;
import dev.mast3r.match.MatchSet;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Coloured points with confidences in camera A's frame (x right, y down, z forward; metres if the
 * model is metric). Points that are not finite are left out.
 */
public final class PointCloud {

  private float[] xyz = new float[3 * 1024];
  private byte[] rgb = new byte[3 * 1024];
  private float[] confidence = new float[1024];
  private int size;

  private PointCloud() {}

  /**
   * Takes every pixel of both pointmaps, A's first, with the colour of its own image.
   *
   * @param minConfidence leaves out points of a lower confidence
   * @throws InputException if the maps have no points or no confidences for them
   */
  public static PointCloud ofMaps(RawMaps raw, OptionalDouble minConfidence) {
    PointCloud cloud = new PointCloud();
    double min = minConfidence.orElse(Double.NEGATIVE_INFINITY);
    cloud.addView(raw.maps().a(), raw.imageA(), min);
    cloud.addView(raw.maps().b(), raw.imageB(), min);
    return cloud;
  }

  /**
   * Takes one point a match, in the order of the matches: A's pointmap at the network pixel nearest
   * to the match, with A's colour there and the confidence of the match.
   *
   * @throws InputException if A's map has no points
   */
  public static PointCloud ofMatches(RawMaps raw, MatchSet matches) {
    Pointmap points = points(raw.maps().a());
    PixelTransform networkFromOriginal = raw.originalFromNetworkA().inverse();
    PointCloud cloud = new PointCloud();
    for (Correspondence match : matches.correspondences()) {
      int x = nearest(networkFromOriginal.applyX(match.xA()), points.width());
      int y = nearest(networkFromOriginal.applyY(match.yA()), points.height());
      cloud.add(points.get(x, y), raw.imageA(), x, y, (float) match.confidence());
    }
    return cloud;
  }

  public int size() {
    return size;
  }

  /** Returns coordinate 0 (x), 1 (y) or 2 (z) of a point. */
  float coordinate(int point, int axis) {
    return xyz[3 * point + axis];
  }

  /** Returns red (0), green (1) or blue (2) of a point. */
  byte colour(int point, int channel) {
    return rgb[3 * point + channel];
  }

  float confidence(int point) {
    return confidence[point];
  }

  private void addView(ViewMaps maps, RgbImage image, double min) {
    Pointmap points = points(maps);
    ConfidenceMap confidences =
        maps.pointConfidence()
            .orElseThrow(() -> new InputException("the maps have no confidence of 3D points"));
    for (int y = 0; y < points.height(); y++) {
      for (int x = 0; x < points.width(); x++) {
        float value = confidences.get(x, y);
        if (value >= min) {
          add(points.get(x, y), image, x, y, value);
        }
      }
    }
  }

  private void add(Point3 point, RgbImage image, int x, int y, float value) {
    if (!point.isFinite()) {
      return;
    }
    if (size == confidence.length) {
      xyz = Arrays.copyOf(xyz, 2 * xyz.length);
      rgb = Arrays.copyOf(rgb, 2 * rgb.length);
      confidence = Arrays.copyOf(confidence, 2 * confidence.length);
    }
    xyz[3 * size] = (float) point.x();
    xyz[3 * size + 1] = (float) point.y();
    xyz[3 * size + 2] = (float) point.z();
    for (int channel = 0; channel < 3; channel++) {
      rgb[3 * size + channel] = (byte) image.get(x, y, channel);
    }
    confidence[size] = value;
    size++;
  }

  private static Pointmap points(ViewMaps maps) {
    return maps.points().orElseThrow(() -> new InputException("the maps have no 3D points"));
  }

  private static int nearest(double coordinate, int size) {
    return (int) Math.max(0, Math.min(size - 1, Math.round(coordinate)));
  }
}
