package dev.mast3r.pose.opencv;

import dev.mast3r.geometry.Intrinsics;
import java.util.ArrayList;
import java.util.List;
import org.opencv.core.CvType;
import org.opencv.core.Mat;

/** Owns native matrices and releases them at the end of a {@code try}. */
final class MatScope implements AutoCloseable {

  private final List<Mat> owned = new ArrayList<>();

  /** Takes over a matrix and returns it. */
  Mat own(Mat mat) {
    owned.add(mat);
    return mat;
  }

  Mat empty() {
    return own(new Mat());
  }

  /** Returns an N x 1 matrix of points with as many doubles each as there are {@code channels}. */
  Mat points(int channels, double[] coordinates) {
    Mat mat = own(new Mat(coordinates.length / channels, 1, CvType.CV_64FC(channels)));
    mat.put(0, 0, coordinates);
    return mat;
  }

  /** Returns K of pinhole intrinsics. */
  Mat camera(Intrinsics intrinsics) {
    Mat k = own(Mat.eye(3, 3, CvType.CV_64F));
    k.put(0, 0, intrinsics.fx());
    k.put(1, 1, intrinsics.fy());
    k.put(0, 2, intrinsics.cx());
    k.put(1, 2, intrinsics.cy());
    return k;
  }

  @Override
  public void close() {
    owned.forEach(Mat::release);
  }
}
