package dev.mast3r.pose.opencv;

import dev.mast3r.geometry.Intrinsics;
import dev.mast3r.geometry.Point2;
import dev.mast3r.geometry.Point3;
import dev.mast3r.geometry.Rigid3;
import dev.mast3r.geometry.Rotation3;
import dev.mast3r.pose.PnpSearch;
import dev.mast3r.pose.PoseOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opencv.calib3d.Calib3d;
import org.opencv.calib3d.UsacParams;
import org.opencv.core.Mat;
import org.opencv.core.MatOfDouble;
import org.opencv.core.MatOfPoint2f;
import org.opencv.core.MatOfPoint3f;

/**
 * The camera pose by three-point samples in OpenCV's USAC framework, then Levenberg-Marquardt on
 * the inliers. One thread and an explicit generator state, so that a seed settles the result.
 */
final class UsacPnpSearch implements PnpSearch {

  @Override
  public Optional<Rigid3> find(
      List<Point3> pointsInA,
      List<Point2> pixelsInB,
      Intrinsics intrinsicsB,
      double maxErrorPx,
      PoseOptions options) {
    try (MatScope mats = new MatScope()) {
      MatOfPoint3f points = new MatOfPoint3f();
      mats.own(points);
      MatOfPoint2f pixels = new MatOfPoint2f();
      mats.own(pixels);
      points.fromList(pointsInA.stream().map(UsacPnpSearch::toOpenCv).toList());
      pixels.fromList(
          pixelsInB.stream().map(p -> new org.opencv.core.Point(p.x(), p.y())).toList());
      Mat camera = mats.camera(intrinsicsB);
      MatOfDouble noDistortion = new MatOfDouble();
      mats.own(noDistortion);
      Mat rotationVector = mats.empty();
      Mat translation = mats.empty();
      Mat inliers = mats.empty();
      boolean found =
          Calib3d.solvePnPRansac(
              points,
              pixels,
              camera,
              noDistortion,
              rotationVector,
              translation,
              inliers,
              params(maxErrorPx, options));
      if (!found || inliers.empty()) {
        return Optional.empty();
      }
      int[] indices = new int[(int) inliers.total()];
      inliers.get(0, 0, indices);
      refine(indices, pointsInA, pixelsInB, camera, rotationVector, translation, mats);
      return motion(rotationVector, translation, mats);
    }
  }

  private static UsacParams params(double maxErrorPx, PoseOptions options) {
    UsacParams params = new UsacParams();
    params.set_confidence(options.confidence());
    params.set_maxIterations(options.maxIterations());
    params.set_threshold(maxErrorPx);
    params.set_randomGeneratorState(Long.hashCode(options.seed()));
    params.set_isParallel(false);
    params.set_sampler(Calib3d.SAMPLING_UNIFORM);
    params.set_score(Calib3d.SCORE_METHOD_MSAC);
    params.set_loMethod(Calib3d.LOCAL_OPTIM_INNER_AND_ITER_LO);
    return params;
  }

  private static void refine(
      int[] inliers,
      List<Point3> pointsInA,
      List<Point2> pixelsInB,
      Mat camera,
      Mat rotationVector,
      Mat translation,
      MatScope mats) {
    double[] points = new double[3 * inliers.length];
    double[] pixels = new double[2 * inliers.length];
    for (int i = 0; i < inliers.length; i++) {
      Point3 point = pointsInA.get(inliers[i]);
      points[3 * i] = point.x();
      points[3 * i + 1] = point.y();
      points[3 * i + 2] = point.z();
      pixels[2 * i] = pixelsInB.get(inliers[i]).x();
      pixels[2 * i + 1] = pixelsInB.get(inliers[i]).y();
    }
    Calib3d.solvePnPRefineLM(
        mats.points(3, points),
        mats.points(2, pixels),
        camera,
        mats.empty(),
        rotationVector,
        translation);
  }

  private static Optional<Rigid3> motion(Mat rotationVector, Mat translation, MatScope mats) {
    Mat rotation = mats.empty();
    Calib3d.Rodrigues(rotationVector, rotation);
    double[] r = new double[9];
    double[] t = new double[3];
    rotation.get(0, 0, r);
    translation.get(0, 0, t);
    Point3 offset = new Point3(t[0], t[1], t[2]);
    boolean finite = offset.isFinite() && Arrays.stream(r).allMatch(Double::isFinite);
    return finite ? Optional.of(new Rigid3(Rotation3.of(r), offset)) : Optional.empty();
  }

  private static org.opencv.core.Point3 toOpenCv(Point3 p) {
    return new org.opencv.core.Point3(p.x(), p.y(), p.z());
  }
}
