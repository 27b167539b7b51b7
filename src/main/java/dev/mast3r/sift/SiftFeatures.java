package dev.mast3r.sift;

import dev.mast3r.geometry.PixelTransform;
import dev.mast3r.geometry.Point2;
import dev.mast3r.image.RgbImage;
import java.util.ArrayList;
import java.util.List;
import org.opencv.core.CvType;
import org.opencv.core.KeyPoint;
import org.opencv.core.Mat;
import org.opencv.core.MatOfKeyPoint;
import org.opencv.core.Size;
import org.opencv.features2d.SIFT;
import org.opencv.imgproc.Imgproc;

/**
 * The SIFT features of one image (Lowe, "Distinctive Image Features from Scale-Invariant
 * Keypoints", IJCV 2004) as OpenCV finds them. Owns the native descriptors.
 */
final class SiftFeatures implements AutoCloseable {

  /** N x 128 float, one row a feature; empty if there are none. */
  private final Mat descriptors;

  /** Where the features are, in original pixels. */
  private final List<Point2> pixels;

  private SiftFeatures(Mat descriptors, List<Point2> pixels) {
    this.descriptors = descriptors;
    this.pixels = pixels;
  }

  static SiftFeatures of(RgbImage image, SiftOptions options) {
    Mat grey = grey(image);
    MatOfKeyPoint keypoints = new MatOfKeyPoint();
    Mat noMask = new Mat();
    Mat descriptors = new Mat();
    try {
      PixelTransform originalFromReduced = reduce(grey, options.maxSide());
      SIFT.create(options.maxFeatures()).detectAndCompute(grey, noMask, keypoints, descriptors);
      List<Point2> pixels = new ArrayList<>();
      for (KeyPoint keypoint : keypoints.toArray()) {
        pixels.add(originalFromReduced.apply(new Point2(keypoint.pt.x, keypoint.pt.y)));
      }
      return new SiftFeatures(descriptors, pixels);
    } catch (RuntimeException e) {
      descriptors.release();
      throw e;
    } finally {
      grey.release();
      keypoints.release();
      noMask.release();
    }
  }

  int size() {
    return pixels.size();
  }

  Point2 pixel(int feature) {
    return pixels.get(feature);
  }

  Mat descriptors() {
    return descriptors;
  }

  @Override
  public void close() {
    descriptors.release();
  }

  private static Mat grey(RgbImage image) {
    Mat rgb = new Mat(image.height(), image.width(), CvType.CV_8UC3);
    try {
      rgb.put(0, 0, image.toArray());
      Mat grey = new Mat();
      Imgproc.cvtColor(rgb, grey, Imgproc.COLOR_RGB2GRAY);
      return grey;
    } finally {
      rgb.release();
    }
  }

  /** Shrinks {@code grey} in place and returns the way back to the original pixels. */
  private static PixelTransform reduce(Mat grey, int maxSide) {
    int width = grey.cols();
    int height = grey.rows();
    double scale = (double) maxSide / Math.max(width, height);
    if (scale >= 1) {
      return PixelTransform.identity();
    }
    double reducedWidth = Math.max(1, Math.rint(width * scale));
    double reducedHeight = Math.max(1, Math.rint(height * scale));
    Imgproc.resize(grey, grey, new Size(reducedWidth, reducedHeight), 0, 0, Imgproc.INTER_AREA);
    double scaleX = width / reducedWidth;
    double scaleY = height / reducedHeight;
    // OpenCV resizes about pixel corners, half a pixel from the centres we count from.
    return new PixelTransform(scaleX, scaleY, (scaleX - 1) / 2, (scaleY - 1) / 2);
  }
}
